/// A message of an answer: what is unset is left out, and so is an empty list.
///
/// An empty text and `false` are written, and so is an empty object, which is set but has nothing in it.
package struct WireObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    private var members: [JSONMember] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (key, value) in elements { set(key, value) }
    }

    package var json: JSONValue { .object(members) }

    /// Adds a field that was not there yet; null is unset.
    package mutating func set(_ key: String, _ value: JSONValue) {
        switch value {
        case .null: return
        case .array(let elements) where elements.isEmpty: return
        case .number(let number): members.append(JSONMember(key: key, value: .number(Self.finite(number))))
        default: members.append(JSONMember(key: key, value: value))
        }
    }

    /// MLflow keeps infinities as the greatest double, and its clients see that.
    private static func finite(_ number: Double) -> Double {
        guard number.isInfinite else { return number }
        return number > 0 ? .greatestFiniteMagnitude : -.greatestFiniteMagnitude
    }
}

extension JSONValue {
    /// A list of messages.
    package static func list(_ objects: [WireObject]) -> JSONValue {
        .array(objects.map(\.json))
    }

    /// A list of texts.
    package static func list(_ texts: [String]) -> JSONValue {
        .array(texts.map { .text($0) })
    }
}
