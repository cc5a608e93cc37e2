/// Writes JSON as bytes, piece by piece.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func write(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let value): raw(value ? "true" : "false")
        case .integer(let value): raw(value.description)
        case .largeInteger(let digits): raw(digits)
        case .number(let value): number(value)
        case .text(let value): text(value)
        case .array(let elements): array(elements)
        case .object(let members): object(members)
        }
    }

    /// Adds what is JSON already.
    package mutating func raw(_ json: String) {
        bytes += json.utf8
    }

    /// Writes the shortest digits that give the same number back; what JSON cannot write is a text.
    package mutating func number(_ value: Double) {
        if value.isNaN {
            raw("\"NaN\"")
        } else if value.isInfinite {
            raw(value > 0 ? "\"Infinity\"" : "\"-Infinity\"")
        } else {
            raw(value.description)
        }
    }

    package mutating func text(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""): raw("\\\"")
            case UInt8(ascii: "\\"): raw("\\\\")
            case UInt8(ascii: "\n"): raw("\\n")
            case UInt8(ascii: "\r"): raw("\\r")
            case UInt8(ascii: "\t"): raw("\\t")
            case ..<0x20: raw((byte < 0x10 ? "\\u000" : "\\u00") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Hands out what was written so far, and begins anew.
    package mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    private mutating func array(_ elements: [JSONValue]) {
        raw("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { raw(",") }
            write(element)
        }
        raw("]")
    }

    private mutating func object(_ members: [JSONMember]) {
        raw("{")
        for (index, member) in members.enumerated() {
            if index > 0 { raw(",") }
            text(member.key)
            raw(":")
            write(member.value)
        }
        raw("}")
    }
}
