import AviaryTracking

/// A JSON text in memory; members keep their order.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// An integer that 64 bits do not hold, as it was written; a double takes it all the same.
    case largeInteger(String)
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([JSONMember])

    /// The value of a member; `nil` if this is no object or has none of that name.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// An object with the keys of a dictionary in order.
    static func sorted<Value>(_ values: [ExactKey: Value], _ json: (Value) -> JSONValue) -> JSONValue {
        .object(values.sorted { $0.key < $1.key }.map { JSONMember(key: $0.key.text, value: json($0.value)) })
    }

    static func sorted<Value>(_ values: [String: Value], _ json: (Value) -> JSONValue) -> JSONValue {
        sorted(values.byExactKey, json)
    }

    /// A number, or null for `nil`.
    package static func optional(_ number: Double?) -> JSONValue {
        number.map { .number($0) } ?? .null
    }

    /// An integer, or null for `nil`.
    package static func optional(_ integer: Int64?) -> JSONValue {
        integer.map { .integer($0) } ?? .null
    }

    /// A text, or null for `nil`.
    package static func optional(_ text: String?) -> JSONValue {
        text.map { .text($0) } ?? .null
    }
}

package struct JSONMember: Sendable, Equatable {
    package let key: String
    package let value: JSONValue

    package init(key: String, value: JSONValue) {
        self.key = key
        self.value = value
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { JSONMember(key: $0.0, value: $0.1) })
    }
}
