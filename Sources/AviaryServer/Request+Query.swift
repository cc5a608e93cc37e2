import Hummingbird
import HummingbirdCore

extension Request {
    /// The value of a query item, decoded; `nil` if it is missing or empty.
    func query(_ name: String) throws -> String? {
        for item in (uri.query ?? "").split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, PercentEncoding.decode(parts[0], plusIsSpace: true) == name
            else { continue }
            guard let value = PercentEncoding.decode(parts[1], plusIsSpace: true) else {
                throw APIError(.invalid, "\(name): its percent encoding is broken")
            }
            return value.isEmpty ? nil : value
        }
        return nil
    }
}
