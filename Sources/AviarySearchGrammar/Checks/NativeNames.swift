/// What a kind of thing has, under the names that the native language knows.
struct NativeNames<Key: Sendable>: Sendable {
    /// Reads what stands behind the word of a group.
    typealias Reading = @Sendable (Comparison.Key, SearchText) throws(SearchError) -> Key

    /// One of the kind with its article, as `a run`.
    let thing: String
    /// What is known without an entity, or as an attribute.
    let attributes: [(name: String, key: Key)]
    /// Taken as well; messages do not tell of them.
    var otherNames: [(name: String, key: Key)] = []
    /// What it has beside attributes.
    let groups: [SearchEntity: Reading]

    /// What is known under a key; a refusal names what there is.
    func key(_ key: Comparison.Key, _ source: SearchText) throws(SearchError) -> Key {
        let name = key.name
        let entity = SearchEntity(name.entity)
        if entity == .attribute { return try attribute(key, source) }
        guard let entity, let read = groups[entity] else {
            throw key.refusal(
                in: source, "'\(name.entity ?? "")' is nothing that \(thing) has; it has \(all)")
        }
        return try read(key, source)
    }

    private func attribute(_ key: Comparison.Key, _ source: SearchText) throws(SearchError) -> Key {
        let name = key.name.key
        if let known = (attributes + otherNames).first(where: { $0.name == name }) { return known.key }
        let names = attributes.map(\.name).joined(separator: ", ")
        let group = groups[.metric] == nil ? SearchEntity.tag : .metric
        throw key.refusal(
            in: source,
            "'\(name)' is no attribute of \(thing); there are \(names); "
                + "a \(group) is written \(group.plural).\(name)")
    }

    private var all: String {
        let words = SearchEntity.allCases.filter { $0 == .attribute || groups[$0] != nil }.map(\.plural)
        return words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
    }
}

extension Comparison {
    /// The key for a message, as it is written.
    var nativeName: String { "'\(source.shown(key.range))'" }
}
