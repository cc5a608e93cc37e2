/// The source of a version, taken apart as MLflow's clients and server take addresses apart.
///
/// Nothing is looked up and nothing opened: what a client names is a text. It is cut at scalars and compared by bytes,
/// since a slash and a mark behind it are one character to Swift.
struct SourceAddress: Sendable {
    /// In small letters; empty of a path of a disk.
    let scheme: String
    /// What stands between `//` and the path.
    let authority: String
    /// Without query and fragment, not decoded.
    let path: String

    /// - Parameters:
    ///   - text: What was given.
    ///   - hasFragment: Whether `#` ends the path; names of registered models may have one.
    init(_ text: String, hasFragment: Bool = true) {
        let (scheme, rest) = Self.split(Self.cleaned(text))
        self.scheme = scheme
        let place = rest.prefix { $0 != "?" && !(hasFragment && $0 == "#") }
        guard place.starts(with: "//".unicodeScalars) else {
            (authority, path) = ("", String(place))
            return
        }
        let authority = place.dropFirst(2).prefix { $0 != "/" }
        self.authority = String(authority)
        path = String(place[authority.endIndex...])
    }

    /// Whether it is a file of this machine, or a path.
    var isLocal: Bool { scheme.isEmpty || scheme == "file" }

    /// The machine that is named, without user and port; empty for none.
    var host: String {
        let scalars = authority.unicodeScalars
        let afterUser = scalars.split(separator: "@", omittingEmptySubsequences: false).last ?? scalars[...]
        return String(afterUser.prefix { $0 != ":" }).lowercased()
    }

    /// Whether this lies in the other place, or is it; a place without a path has nothing in it.
    func isWithin(_ root: SourceAddress) -> Bool {
        let rootParts = root.parts
        return scheme == root.scheme && authority.lowercased() == root.authority.lowercased()
            && !rootParts.isEmpty && parts.starts(with: rootParts)
    }

    /// The bytes of each part of the path, decoded until nothing is left to decode.
    var parts: [[UInt8]] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { Self.decoded(Array($0), plusIsSpace: false) }
    }

    /// The scheme of places in this store.
    static let ownScheme = "mlflow-artifacts"

    /// Leading space goes, and what breaks lines, as in every browser.
    private static func cleaned(_ text: String) -> String.UnicodeScalarView {
        let breaks = "\t\r\n".unicodeScalars
        return String.UnicodeScalarView(
            text.unicodeScalars.drop { $0.value <= 0x20 }.filter { !breaks.contains($0) })
    }

    /// RFC 3986, section 3.1: a scheme begins with a letter, and letters, digits, `+`, `-` and `.` follow.
    private static func split(
        _ text: String.UnicodeScalarView
    ) -> (scheme: String, rest: String.UnicodeScalarView.SubSequence) {
        guard let colon = text.firstIndex(of: ":"), let first = text.first, first.isASCIILetter,
            text[..<colon].allSatisfy({ $0.isASCIILetter || "0123456789+-.".unicodeScalars.contains($0) })
        else { return ("", text[...]) }
        return (String(text[..<colon]).lowercased(), text[text.index(after: colon)...])
    }
}

extension SourceAddress {
    /// Whether a text, however often its `%41` are decoded, names a whole path that does not lead back.
    static func isAbsolute(_ text: String) -> Bool {
        let slash = UInt8(ascii: "/")
        let bytes = decoded(Array(text.utf8), plusIsSpace: true)
        let path = SourceAddress(String(decoding: bytes, as: UTF8.self)).path.utf8
        let parts = path.split(separator: slash)
        return path.first == slash && !parts.isEmpty && !path.contains(0)
            && !parts.contains { $0.elementsEqual(".".utf8) }
            && !bytes.split(separator: slash).contains { $0.elementsEqual("..".utf8) }
    }

    /// A path of a disk without `//`, `.` and what `..` takes back.
    private static func normalised(_ path: String) -> String? {
        let slash = UInt8(ascii: "/")
        guard path.utf8.first == slash else { return nil }
        var parts: [Substring.UTF8View] = []
        for part in path.utf8.split(separator: slash) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8) {
                _ = parts.popLast()
            } else {
                parts.append(part)
            }
        }
        return "/" + parts.map { String(Substring($0)) }.joined(separator: "/")
    }

    /// The path of a disk that this is, as a client would open it; `nil` of one that does not begin at the root.
    var localPath: String? {
        let bytes = Self.decodedOnce(Array(path.utf8), false)
        return Self.normalised(String(decoding: bytes, as: UTF8.self))
    }

    /// Decoded as often as there is something to decode; what is no escape stays as it is.
    private static func decoded(_ bytes: [UInt8], plusIsSpace: Bool) -> [UInt8] {
        var bytes = bytes
        while true {
            let next = decodedOnce(bytes, plusIsSpace)
            guard next != bytes else { return bytes }
            bytes = next
        }
    }

    private static func decodedOnce(_ bytes: [UInt8], _ plusIsSpace: Bool) -> [UInt8] {
        var decoded: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = escape(rest.prefix(2)) {
                decoded.append(code)
                rest.removeFirst(2)
            } else {
                decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return decoded
    }

    private static func escape(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 2 else { return nil }
        var code: UInt8 = 0
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            code = code << 4 | UInt8(value)
        }
        return code
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
