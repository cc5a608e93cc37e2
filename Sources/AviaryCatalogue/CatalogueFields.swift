import Yams

/// One mapping of the catalogue and where it stands.
struct CatalogueFields {
    private let node: Node?
    /// As `models[2].weights`; empty at the root.
    private let path: String
    private let origin: String

    init(_ node: Node?, at path: String, origin: String) {
        self.node = node
        self.path = path
        self.origin = origin
    }

    func wrong(_ key: String, _ problem: String) -> CatalogueError {
        .wrong(origin: origin, field: place(key), problem: problem)
    }

    /// Refuses a field that nobody reads, a typo most often.
    func allow(_ known: [String]) throws(CatalogueError) {
        guard let mapping = node?.mapping else {
            let place = path.isEmpty ? "the file" : path
            throw .wrong(origin: origin, field: place, problem: "should be a mapping")
        }
        for pair in mapping {
            let key = pair.key.scalar?.string ?? ""
            guard known.contains(key) else {
                throw wrong(key, "is unknown; known: \(known.joined(separator: ", "))")
            }
        }
    }

    func fields(_ key: String) throws(CatalogueError) -> CatalogueFields {
        guard let found = node?.mapping?[key] else { throw wrong(key, "is missing") }
        return CatalogueFields(found, at: place(key), origin: origin)
    }

    func list(_ key: String) throws(CatalogueError) -> [CatalogueFields] {
        guard let found = node?.mapping?[key] else { throw wrong(key, "is missing") }
        guard let sequence = found.sequence else { throw wrong(key, "should be a list") }
        return sequence.enumerated().map { index, element in
            CatalogueFields(element, at: "\(place(key))[\(index)]", origin: origin)
        }
    }

    func optionalText(_ key: String) throws(CatalogueError) -> String? {
        guard let found = node?.mapping?[key] else { return nil }
        guard let text = found.scalar?.string, !text.isEmpty else { throw wrong(key, "should be text") }
        return text
    }

    func text(_ key: String) throws(CatalogueError) -> String {
        guard let text = try optionalText(key) else { throw wrong(key, "is missing") }
        return text
    }

    func text(_ key: String, fits: (String) -> Bool, _ rule: String) throws(CatalogueError) -> String {
        let text = try self.text(key)
        guard fits(text) else { throw wrong(key, "is '\(text)'; it takes \(rule)") }
        return text
    }

    /// A list of texts; none if the field is missing.
    func texts(_ key: String) throws(CatalogueError) -> [String] {
        guard node?.mapping?[key] != nil else { return [] }
        var texts: [String] = []
        for element in try list(key) {
            guard let text = element.node?.scalar?.string, !text.isEmpty else {
                throw wrong(key, "should be a list of texts")
            }
            texts.append(text)
        }
        return texts
    }

    /// A number of things, at least one.
    func count(_ key: String) throws(CatalogueError) -> Int64 {
        let text = try self.text(key)
        guard let count = Int64(text), count > 0 else {
            throw wrong(key, "is '\(text)', not a positive number")
        }
        return count
    }

    func numbers(_ key: String) throws(CatalogueError) -> [String: Double] {
        guard let mapping = try fields(key).node?.mapping else { throw wrong(key, "should be a mapping") }
        var numbers: [String: Double] = [:]
        for pair in mapping {
            let name = pair.key.scalar?.string ?? ""
            guard let text = pair.value.scalar?.string, let number = Double(text), number.isFinite else {
                throw wrong("\(key).\(name)", "should be a number")
            }
            numbers[name] = number
        }
        return numbers
    }

    private func place(_ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }
}
