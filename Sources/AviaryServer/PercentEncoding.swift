/// The `%41` of addresses.
package enum PercentEncoding {
    /// Decodes once; `nil` if an escape is cut off or the result is no UTF-8.
    package static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let escaped = escapedByte(rest) else { return nil }
                rest = rest.dropFirst(2)
                bytes.append(escaped)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Decodes once, and lets a `%` that begins no escape stand for itself, as Python does; `nil` if the result is no
    /// UTF-8.
    package static func decodeLoosely(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let escaped = escapedByte(rest) {
                rest = rest.dropFirst(2)
                bytes.append(escaped)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Encodes all but letters, digits and these marks; if none are given, what RFC 3986 calls unreserved stays.
    package static func encode(_ text: String, keeping marks: String = "-._~") -> String {
        var encoded = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if isAlphanumeric(byte) || marks.utf8.contains(byte) {
                encoded.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            false
        }
    }

    /// What the two digits behind a `%` stand for.
    private static func escapedByte(_ rest: ArraySlice<UInt8>) -> UInt8? {
        guard let high = rest.first.flatMap(digit), let low = rest.dropFirst().first.flatMap(digit)
        else { return nil }
        return high << 4 | low
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
