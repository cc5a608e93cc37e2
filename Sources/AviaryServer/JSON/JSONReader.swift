import AviaryTracking

/// Reads JSON strictly (RFC 8259): no duplicate keys, no lone surrogates, no number beyond a double's range.
package struct JSONReader {
    package static let depthLimit = 64

    private let bytes: [UInt8]
    private var offset = 0

    package static func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.offset == bytes.count else { throw reader.failure("something follows the value") }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func failure(_ problem: String) -> JSONError {
        JSONError(offset: offset, problem: problem)
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    /// Steps over this byte if it is the next one.
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= Self.depthLimit else { throw failure("nested more than \(Self.depthLimit) deep") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return .object(try members(depth: depth))
        case UInt8(ascii: "["): return .array(try elements(depth: depth))
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw failure("the text ends too early")
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[offset...].starts(with: word.utf8) else { throw failure("no JSON value") }
        offset += word.utf8.count
        return value
    }

    private mutating func elements(depth: Int) throws(JSONError) -> [JSONValue] {
        offset += 1
        skipSpace()
        if skip(UInt8(ascii: "]")) { return [] }
        var elements: [JSONValue] = []
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if skip(UInt8(ascii: "]")) { return elements }
            guard skip(UInt8(ascii: ",")) else { throw failure("',' or ']' expected") }
        }
    }

    private mutating func members(depth: Int) throws(JSONError) -> [JSONMember] {
        offset += 1
        skipSpace()
        if skip(UInt8(ascii: "}")) { return [] }
        var members: [JSONMember] = []
        var keys: Set<ExactKey> = []
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a key in quotes expected") }
            let key = try text()
            guard keys.insert(ExactKey(key)).inserted else {
                throw failure("key '\(key.shortened())' stands there twice")
            }
            skipSpace()
            guard skip(UInt8(ascii: ":")) else { throw failure("':' expected") }
            members.append(JSONMember(key: key, value: try value(depth: depth + 1)))
            skipSpace()
            if skip(UInt8(ascii: "}")) { return members }
            guard skip(UInt8(ascii: ",")) else { throw failure("',' or '}' expected") }
        }
    }
}

extension JSONReader {
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = offset
        _ = skip(UInt8(ascii: "-"))
        let isZero = next == UInt8(ascii: "0")
        let digitCount = skipDigits()
        guard digitCount > 0, !isZero || digitCount == 1 else { throw failure("no JSON value") }
        var isInteger = true
        if skip(UInt8(ascii: ".")) {
            isInteger = false
            guard skipDigits() > 0 else { throw failure("a digit expected") }
        }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            isInteger = false
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            guard skipDigits() > 0 else { throw failure("a digit expected") }
        }
        let digits = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isInteger, let value = Int64(digits) { return .integer(value) }
        guard let value = Double(digits), value.isFinite else {
            throw failure("\(digits.shortened()) is too large")
        }
        return isInteger ? .largeInteger(digits) : .number(value)
    }

    private mutating func skipDigits() -> Int {
        let start = offset
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        return offset - start
    }

    private mutating func text() throws(JSONError) -> String {
        offset += 1
        let start = offset
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            offset += 1
        }
        var content = bytes[start..<offset]  // all of it, unless there is an escape
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw failure("a text that is no UTF-8")
                }
                offset += 1
                return text
            case UInt8(ascii: "\\"):
                content += try escape()
            case ..<0x20:
                throw failure("a control character in a text")
            default:
                content.append(byte)
                offset += 1
            }
        }
        throw failure("a text without its end")
    }

    /// What a backslash and the bytes after it stand for, as UTF-8.
    private mutating func escape() throws(JSONError) -> [UInt8] {
        offset += 1
        guard let byte = next else { throw failure("a text without its end") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try unicode()
        default: throw failure("an unknown escape")
        }
    }

    private mutating func unicode() throws(JSONError) -> [UInt8] {
        let first = try codeUnit()
        var code = first
        if (0xD800..<0xDC00).contains(first) {
            guard skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) else {
                throw failure("half a surrogate pair")
            }
            let second = try codeUnit()
            guard (0xDC00..<0xE000).contains(second) else { throw failure("half a surrogate pair") }
            code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func codeUnit() throws(JSONError) -> UInt32 {
        let digits = bytes[offset..<min(offset + 4, bytes.count)]
        let text = String(decoding: digits, as: UTF8.self)
        guard digits.count == 4, text.allSatisfy({ $0.isHexDigit }), let code = UInt32(text, radix: 16) else {
            throw failure("four hexadecimal digits expected")
        }
        offset += 4
        return code
    }
}
