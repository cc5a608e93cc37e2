package import AviaryArtifacts

/// A path among artifacts as clients of MLflow send it, which leads nowhere but down.
///
/// For reading it is taken as MLflow takes it; for writing it must be a name that is good everywhere. No path is ever
/// opened: files lie under their digests, and paths are names in the store.
package struct WirePath: Sendable {
    private static let decodingLimit = 10

    /// Decoded as often as it was encoded.
    package let text: String
    /// No file has a name with control characters, which stand in `text` as `%0a`.
    private let hasControl: Bool

    /// Takes what a client wrote, encoded or not.
    ///
    /// - Throws: `Invalid path`, in MLflow's words, where it would lead elsewhere.
    package init(_ sent: String) throws(MLflowError) {
        let decoded = try Self.decoded(sent)
        hasControl = decoded.unicodeScalars.contains(where: Self.isControl)
        let text = Self.withoutControl(decoded)
        guard Self.leadsDown(text) else { throw Self.invalid }
        self.text = text
    }

    private init(joining folder: String, _ path: WirePath) {
        text = folder.isEmpty || folder.hasSuffix("/") ? folder + path.text : "\(folder)/\(path.text)"
        hasControl = path.hasControl
    }

    /// The same path below a folder of the store.
    func below(_ folder: String) -> WirePath { WirePath(joining: folder, self) }

    /// The path as a file system understands it: without empty parts and `.`; empty for the root of all files.
    package var resolved: String {
        text.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// The name for a file that is written there.
    package func name() throws(MLflowError) -> ArtifactPath {
        guard !hasControl else { throw .invalid("Invalid path: a name has no control characters") }
        let (folder, file) = Self.split(text)
        guard !file.isEmpty else {
            throw .invalid("Artifact path must include a filename (cannot end with '/').")
        }
        try Self.checkResolved(folder)
        let whole = folder.isEmpty ? file : "\(folder)/\(file)"
        if file == "." { try Self.checkResolved(whole) }
        do {
            return try ArtifactPath(whole: whole)
        } catch {
            throw .invalid("Invalid path: \(error.description)")
        }
    }
}

// MARK: - Rules

extension WirePath {
    private static var invalid: MLflowError { .invalid("Invalid path") }

    /// Decodes until nothing changes: what is encoded twice does not get past the rules.
    private static func decoded(_ sent: String) throws(MLflowError) -> String {
        var text = sent
        for _ in 0..<decodingLimit {
            guard let once = PercentEncoding.decodeLoosely(text) else { throw invalid }
            let next = withoutEmptyEnd(once)
            if next == text { return text }
            text = next
        }
        throw invalid
    }

    /// Without a `#` or `?` that nothing stands behind, as addresses are taken apart and put together again.
    private static func withoutEmptyEnd(_ text: String) -> String {
        var text = text
        for mark in ["#", "?"] where text.utf8.firstIndex(of: mark.utf8.first ?? 0) == text.utf8.indices.last
        {
            text = String(text.unicodeScalars.dropLast())
        }
        return text
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }

    private static func withoutControl(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.map { scalar in
            guard isControl(scalar) else { return String(Character(scalar)) }
            let digits = String(scalar.value, radix: 16)
            return digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }

    private static func leadsDown(_ text: String) -> Bool {
        let behindFirst = text.unicodeScalars.dropFirst()
        let hasDrive =
            behindFirst.starts(with: ":/".unicodeScalars) || behindFirst.starts(with: ":\\".unicodeScalars)
        return !text.utf8.contains(UInt8(ascii: "#"))
            && !["/", "\\\\"].contains { text.utf8.starts(with: $0.utf8) }
            && !hasDrive && !text.lowercased().utf8.starts(with: "file:".utf8)
            && !text.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
    }

    /// What stands before the last slash, without slashes at its end, and what stands behind it.
    private static func split(_ text: String) -> (folder: String, file: String) {
        let bytes = text.utf8
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return ("", text) }
        let slashes = bytes[..<slash].reversed().prefix { $0 == UInt8(ascii: "/") }.count
        let folder = bytes[..<slash].dropLast(slashes)
        return (String(Substring(folder)), String(Substring(bytes[bytes.index(after: slash)...])))
    }

    /// Refuses a path that is not its own shortest form.
    private static func checkResolved(_ path: String) throws(MLflowError) {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let kept = parts.filter { !$0.isEmpty && !$0.elementsEqual(".".utf8) }.map { String(Substring($0)) }
        guard !path.isEmpty, kept.count != parts.count else { return }
        let short = kept.isEmpty ? "." : kept.joined(separator: "/")
        throw .invalid(
            "Invalid artifact path: '\(path.shortened())'. Names may be treated as files in certain cases, and "
                + "must not resolve to other names when treated as such. This name would resolve to "
                + "'\(short.shortened())'")
    }
}
