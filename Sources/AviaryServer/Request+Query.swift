import Hummingbird
import HummingbirdCore

extension Request {
    /// The value of a query item, decoded; `nil` if it is missing or empty, refused where it stands there twice.
    func query(_ name: String) throws -> String? {
        let values = try items(named: name)
        guard values.count < 2 else {
            throw APIError(.invalid, "\(name): stands there \(values.count) times; one is taken")
        }
        return values.first.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The values of all query items of that name, decoded; a single one that is empty is none.
    func queries(_ name: String) throws -> [String] {
        let values = try items(named: name)
        return values == [""] ? [] : values
    }

    /// Refuses items that the route does not know, so that a typo is found.
    func checkQuery(_ known: [String]) throws {
        for item in (uri.query ?? "").split(separator: "&") {
            let name = item.prefix { $0 != "=" }
            let decoded = PercentEncoding.decode(name, plusIsSpace: true)
            guard let decoded, known.contains(decoded) else {
                let written = (decoded ?? String(name)).shortened()
                let names = known.isEmpty ? "" : "; known: \(known.joined(separator: ", "))"
                throw APIError(.invalid, "\(written): there is no such query item here\(names)")
            }
        }
    }

    private func items(named name: String) throws -> [String] {
        var values: [String] = []
        for item in (uri.query ?? "").split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, PercentEncoding.decode(parts[0], plusIsSpace: true) == name
            else { continue }
            guard let value = PercentEncoding.decode(parts[1], plusIsSpace: true) else {
                throw APIError(.invalid, "\(name): its percent encoding is broken")
            }
            values.append(value)
        }
        return values
    }
}
