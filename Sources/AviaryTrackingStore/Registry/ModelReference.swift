/// What a source of the scheme `models:` stands for.
enum ModelReference: Sendable, Equatable {
    /// A logged model, by its identifier.
    case loggedModel(String)
    case version(VersionName, model: String)

    /// Reads the path of an address, which is not decoded; `nil` if it is none of these.
    init?(path: String) {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        let parts = path.unicodeScalars.drop { $0 == "/" }
            .split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        guard (1...2).contains(parts.count), !parts.contains(where: Self.isBlank) else { return nil }
        let name = parts[0].unicodeScalars
        if parts.count == 2 {
            self = .version(VersionName(suffix: parts[1]), model: parts[0])
        } else if let sign = name.lastIndex(of: "@") {
            let alias = String(name[name.index(after: sign)...])
            guard !Self.isBlank(alias) else { return nil }
            self = .version(.alias(alias), model: String(name[..<sign]))
        } else {
            self = .loggedModel(parts[0])
        }
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
}

/// What names a version of a registered model in a source.
enum VersionName: Sendable, Equatable {
    /// Decimal digits, which may be more than 64 bits hold.
    case number(String)
    case alias(String)
    /// The newest of the stage of this name.
    case stage(String)
    case latest

    fileprivate init(suffix: String) {
        if suffix.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            self = .number(suffix)
        } else if suffix.lowercased() == "latest" {
            self = .latest
        } else {
            self = .stage(suffix)
        }
    }
}
