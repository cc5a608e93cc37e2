import Foundation
import HTTPTypes

/// What makes browsers save an answer as a file (RFC 6266).
package enum Attachment {
    /// The value of Content-Disposition, as MLflow writes it: quoted only where it must be, and for names beyond ASCII
    /// what is left of them without marks, then the whole name.
    package static func disposition(named name: String) -> String {
        guard !name.utf8.allSatisfy({ $0 < 0x80 }) else { return "attachment; filename=\(quoted(name))" }
        let plain = name.decomposedStringWithCompatibilityMapping.unicodeScalars.filter(\.isASCII)
        let fallback = plain.isEmpty ? "download" : String(String.UnicodeScalarView(plain))
        // RFC 5987: these stand for themselves, beside letters and digits.
        let whole = PercentEncoding.encode(name, keeping: "!#$&+-.^_`|~")
        return "attachment; filename=\(quoted(fallback)); filename*=UTF-8''\(whole)"
    }

    /// A token as it is, all else in quotes (RFC 9110, section 5.6).
    private static func quoted(_ text: String) -> String {
        let isToken = text.utf8.allSatisfy { PercentEncoding.isAlphanumeric($0) || marks.contains($0) }
        if isToken, !text.isEmpty { return text }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        // A control character would end the field, or the answer's head.
        return "\"\(String(escaped.map { $0.isASCII && ($0.asciiValue ?? 0) < 0x20 ? "_" : $0 }))\""
    }

    private static let marks = Array("!#$%&'*+-.^_`|~".utf8)
}

extension HTTPFields {
    /// Makes browsers save the answer as a file of this name.
    mutating func setAttachment(named name: String) {
        self[.contentDisposition] = Attachment.disposition(named: name)
    }
}
