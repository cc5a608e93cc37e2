/// Where a file comes from.
enum Origin: Equatable {
    case http(String)
    /// A path on this disk.
    case file(String)

    /// Reads an address or a path; a path in a `file://` address is taken as it stands, without `%` escapes.
    init(_ source: String) throws(TransferError) {
        let scheme = source.prefix(8).lowercased()
        if scheme.hasPrefix("http://") || scheme.hasPrefix("https://") {
            self = .http(source)
        } else if scheme.hasPrefix("file:///") {
            self = .file(String(source.dropFirst("file://".count)))
        } else if source.isEmpty || source.contains("://") {
            throw .unsupportedAddress(source)
        } else {
            self = .file(source)
        }
    }
}
