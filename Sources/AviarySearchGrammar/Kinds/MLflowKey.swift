/// The key of a comparison where MLflow knows attributes and tags alone: of experiments and in the registry.
enum MLflowKey {
    /// The place of the attribute in the list that was given.
    case attribute(Int)
    case tag(String)

    private static let entities = ["attribute", "tag", "tags"]

    init(_ key: Comparison.Key, _ source: SearchText, attributes: [String]) throws(SearchError) {
        let name = key.name
        guard name.form != .loose else {
            throw SearchError(message: MLflowWords.noIdentifier(source[key.range]))
        }
        if let entity = name.entity {
            guard Self.entities.contains(entity) else {
                throw SearchError(message: MLflowWords.invalidEntity(entity, valid: Self.entities))
            }
            if entity != "attribute" {
                self = .tag(name.key)
                return
            }
        }
        guard let index = attributes.firstIndex(of: name.key) else {
            throw SearchError(message: MLflowWords.invalidAttribute(name.key, valid: attributes))
        }
        self = .attribute(index)
    }
}
