import AviaryTrackingStore
import Glibc

/// Where an experiment's runs may keep their files.
///
/// The server opens none of these places: clients do. A place on a disk is made absolute where the server runs, since
/// clients elsewhere would take it for another.
package enum ArtifactLocationRules {
    /// Schemes in whose addresses a semicolon begins parameters (RFC 1808, and none for a path).
    private static let schemesWithParameters: Set<String?> = [nil, "ftp", "http", "https", "sftp"]

    /// The place as it is kept.
    package static func resolved(_ location: String) throws(MLflowError) -> String {
        try LengthRules.artifactLocation(location)
        let scheme = scheme(of: location)
        guard scheme != "runs" else {
            throw .invalid("Artifact location cannot be a runs:/ URI. Given: '\(location.shortened())'")
        }
        guard scheme != "mlflow-artifacts" || !ArtifactPlace.namesHost(location) else {
            throw .invalid(
                "'artifact_location' cannot use the 'mlflow-artifacts' scheme with a host: files would be "
                    + "kept by another server than this one.")
        }
        let beforeQuery = location.prefix { $0 != "?" }
        let lastPart = beforeQuery.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let hasParameters = schemesWithParameters.contains(scheme) && lastPart.contains(";")
        guard !location.contains("#"), !hasParameters else {
            throw .invalid("'artifact_location' URL can't include fragments or params.")
        }
        guard !decoded(location.dropFirst(beforeQuery.count)).contains("..") else {
            throw .invalid("Invalid query string")
        }
        guard scheme == nil, !location.hasPrefix("/") else { return location }
        let absolute = "\(try workingFolder())/\(location)"
        try LengthRules.artifactLocation(absolute)
        return absolute
    }

    private static func workingFolder() throws(MLflowError) -> String {
        guard let path = getcwd(nil, 0) else {
            throw .invalid("artifact_location: the server's own folder is gone; give an absolute path")
        }
        defer { free(path) }
        return String(cString: path)
    }

    /// What stands before the first colon, if it is a scheme (RFC 3986, section 3.1).
    private static func scheme(of location: String) -> String? {
        guard let colon = location.firstIndex(of: ":") else { return nil }
        let name = location[..<colon].lowercased()
        let isScheme =
            name.first?.isLetter ?? false
            && name.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789+-.".unicodeScalars.contains($0))
            }
        return isScheme ? name : nil
    }

    /// Decoded as often as there is something to decode.
    private static func decoded(_ text: Substring) -> String {
        var text = String(text)
        while let next = PercentEncoding.decode(text[...]), next != text { text = next }
        return text
    }
}
