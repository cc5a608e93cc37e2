import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore

extension NewRegisteredModel {
    init(fields: WireFields) throws(MLflowError) {
        let name = try fields.text(required: "name")
        let tags = try fields.modelTags()
        let description = try fields.text("description")
        try NameRules.registeredModel(name)
        try tags.check(of: .registeredModel)
        self.init(name: name, description: try LengthRules.modelDescription(description), tags: tags.byKey)
    }
}

/// The tags of a registered model or of a version; a later one replaces an earlier one of the same key.
struct ModelTags: Sendable {
    enum Owner: Sendable {
        case registeredModel
        case version
    }

    let all: [(key: String, value: String)]

    var byKey: [ExactKey: String] { all.byKey }

    func check(of owner: Owner) throws(MLflowError) {
        for (key, value) in all {
            try NameRules.tag(key)
            if owner == .version, key == PromptTag.text, value.isLonger(than: Limits.modelTagValueLength) {
                throw .invalid("Prompt text exceeds max length of \(Limits.modelTagValueLength) characters.")
            }
            try LengthRules.modelTagValue(value)
        }
    }
}

extension WireFields {
    func modelTags() throws(MLflowError) -> ModelTags {
        ModelTags(all: try pairs("tags"))
    }

    /// The one tag that is to be set.
    func modelTag() throws(MLflowError) -> ModelTags {
        ModelTags(all: [(try text(required: "key"), try text("value") ?? "")])
    }

    /// The name of a registered model, checked last where other fields follow.
    func modelName() throws(MLflowError) -> String {
        let name = try text(required: "name")
        try NameRules.registeredModel(name)
        return name
    }
}

/// A registered model and one thing that is said of it: a new name, a description, the key of a tag, an alias.
struct RegisteredModelWord: Sendable {
    let name: String
    let word: String
}

extension RegisteredModelWord {
    static func newName(_ fields: WireFields) throws(MLflowError) -> Self {
        let (name, new) = (try fields.text(required: "name"), try fields.text(required: "new_name"))
        try NameRules.registeredModel(new, at: "new_name")
        try NameRules.registeredModel(name)
        return RegisteredModelWord(name: name, word: new)
    }

    /// No description is an empty one.
    static func description(_ fields: WireFields) throws(MLflowError) -> Self {
        let (name, description) = (try fields.text(required: "name"), try fields.text("description"))
        try NameRules.registeredModel(name)
        return RegisteredModelWord(name: name, word: try LengthRules.modelDescription(description) ?? "")
    }

    static func tagKey(_ fields: WireFields) throws(MLflowError) -> Self {
        let (name, key) = (try fields.text(required: "name"), try fields.text(required: "key"))
        try NameRules.registeredModel(name)
        try NameRules.check(key, at: "key")
        return RegisteredModelWord(name: name, word: key)
    }

    static func alias(_ fields: WireFields) throws(MLflowError) -> Self {
        let (name, alias) = (try fields.text(required: "name"), try fields.text(required: "alias"))
        try NameRules.registeredModel(name)
        try NameRules.knownAlias(alias)
        return RegisteredModelWord(name: name, word: alias)
    }
}

extension RegisteredModelQuestion {
    private static let usualLimit: Int64 = 100

    init(fields: WireFields) throws(MLflowError) {
        let filter = try fields.text("filter") ?? ""
        let limit = try fields.integer("max_results") ?? Self.usualLimit
        let order = try fields.texts("order_by")
        let token = try fields.text("page_token")
        guard limit <= SQLiteStore.registeredModelPageLimit else {
            throw .wrongType(.text(String(limit)), for: "max_results")  // MLflow's words for too many
        }
        guard limit >= 0 else { throw .pageSize(limit, "It must be at least 0") }
        do throws(SearchError) {
            self.init(
                filter: try RegisteredModelSearch.filter(filter),
                order: try RegisteredModelSearch.mlflowOrder(order), limit: Int(limit))
        } catch {
            throw .search(error)
        }
        offset = try PageToken(token).offset
    }
}

extension LengthRules {
    /// What is said of a registered model or of a version.
    static func modelDescription(_ description: String?) throws(MLflowError) -> String? {
        try check(description ?? "", "description", limit: Limits.modelDescriptionLength)
        return description
    }
}
