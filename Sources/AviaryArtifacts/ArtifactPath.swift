/// A name among a run's files, as `logs/console.log`: relative, without tricks.
///
/// Files are stored by their content, so no path is ever opened; the rules keep names portable and what a
/// browser saves harmless.
package struct ArtifactPath: Hashable, Sendable {
    package static let byteLimit = 1024
    package static let partByteLimit = 255
    package static let depthLimit = 32
    /// With the place of the run, or of whatever the file belongs to.
    package static let wholeByteLimit = 2048
    package static let wholeDepthLimit = 64

    /// The path as it was given.
    package let text: String

    package init(_ text: String) throws(ArtifactError) {
        try self.init(text, byteLimit: Self.byteLimit, depthLimit: Self.depthLimit)
    }

    /// A path among all that a store keeps, as `1/…/artifacts/logs/console.log`.
    package init(whole text: String) throws(ArtifactError) {
        try self.init(text, byteLimit: Self.wholeByteLimit, depthLimit: Self.wholeDepthLimit)
    }

    private init(_ text: String, byteLimit: Int, depthLimit: Int) throws(ArtifactError) {
        if let rule = Self.brokenRule(text, byteLimit: byteLimit, depthLimit: depthLimit) {
            throw .refusedPath(Self.printable(text), rule: rule)
        }
        self.text = text
    }

    private static func brokenRule(_ text: String, byteLimit: Int, depthLimit: Int) -> String? {
        if text.isEmpty { return "is empty; give a name like 'logs/console.log'" }
        if text.utf8.count > byteLimit { return "is longer than \(byteLimit) bytes" }
        if text.utf8.first == UInt8(ascii: "/") { return "begins with '/'; give a path relative to the run" }
        if text.utf8.contains(UInt8(ascii: "\\")) { return "has a backslash; separate folders with '/'" }
        if text.unicodeScalars.contains(where: isControl) { return "has a control character" }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if parts.count > depthLimit { return "is more than \(depthLimit) folders deep" }
        for part in parts {
            if part.isEmpty { return "has an empty part; write one '/' between names and none at the end" }
            if part.count > partByteLimit { return "has a part longer than \(partByteLimit) bytes" }
            if part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) {
                return "has the part '.' or '..'; name the file itself"
            }
        }
        return nil
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }

    /// What can stand in a message: no control characters, no endless text.
    private static func printable(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(80).map { isControl($0) ? "\u{FFFD}" : String(Character($0)) }
        return shown.joined() + (text.unicodeScalars.count > 80 ? "…" : "")
    }
}
