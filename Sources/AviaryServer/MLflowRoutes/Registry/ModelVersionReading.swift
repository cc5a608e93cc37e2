import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore

extension ModelStage {
    init(wire name: String) throws(MLflowError) {
        guard let stage = ModelStage(named: name) else {
            throw MLflowError(.unknownStage(name.shortened()))
        }
        self = stage
    }
}

extension ModelVersionID {
    /// Reads both fields, whose rules are looked at by `init(name:version:)` once the others are read.
    static func given(_ fields: WireFields) throws(MLflowError) -> (name: String, version: String) {
        (try fields.text(required: "name"), try fields.text(required: "version"))
    }

    init(fields: WireFields) throws(MLflowError) {
        let given = try Self.given(fields)
        try self.init(name: given.name, version: given.version)
    }

    init(name: String, version: String) throws(MLflowError) {
        try NameRules.registeredModel(name)
        guard let digits = Self.digits(version) else {
            throw .invalid("Parameter 'version' must be an integer, got '\(version.shortened())'.")
        }
        guard let number = Int64(digits) else {
            throw MLflowError(.versionNotFound(model: name, version: digits.shortened()))
        }
        self.init(name, number)
    }

    /// A number's sign and digits; MLflow overlooks space around it and zeros before it.
    private static func digits(_ text: String) -> String? {
        let bare = text.stripped
        let sign = bare.first == "-" ? "-" : ""
        let digits = bare.first == "-" || bare.first == "+" ? bare.dropFirst() : bare[...]
        guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        let significant = digits.drop { $0 == "0" }
        return significant.isEmpty ? "0" : sign + String(significant)
    }
}

extension NewModelVersion {
    init(fields: WireFields) throws(MLflowError) {
        let name = try fields.text(required: "name")
        let source = try fields.text(required: "source")
        let run = try fields.text("run_id")
        let tags = try fields.modelTags()
        let runLink = try fields.text("run_link") ?? ""
        let description = try fields.text("description") ?? ""
        let model = try fields.text("model_id")
        try LengthRules.check(source, "source", limit: Limits.modelSourceLength)
        try LengthRules.check(run ?? "", "run_id", limit: Limits.keyLength)
        try LengthRules.check(runLink, "run_link", limit: Limits.modelSourceLength)
        try LengthRules.check(model ?? "", "model_id", limit: Limits.keyLength)
        try NameRules.registeredModel(name)
        try tags.check(of: .version)
        self.init(
            model: name, source: source, run: run, loggedModel: model, runLink: runLink,
            description: try LengthRules.modelDescription(description), tags: tags.byKey)
    }
}

/// What is said of a version.
struct ModelVersionDescription: Sendable {
    let version: ModelVersionID
    let text: String?

    init(fields: WireFields) throws(MLflowError) {
        let (given, text) = (try ModelVersionID.given(fields), try fields.text("description"))
        version = try ModelVersionID(name: given.name, version: given.version)
        self.text = try LengthRules.modelDescription(text)
    }
}

struct StageTransition: Sendable {
    let version: ModelVersionID
    let stage: ModelStage
    let archivesOthers: Bool

    init(fields: WireFields) throws(MLflowError) {
        let given = try ModelVersionID.given(fields)
        let name = try fields.text(required: "stage")
        archivesOthers = try fields.bool("archive_existing_versions") ?? false
        stage = try ModelStage(wire: name)
        guard !archivesOthers || stage.isActive else { throw MLflowError(.notActive(stage: name)) }
        version = try ModelVersionID(name: given.name, version: given.version)
    }
}

/// A tag that a version is to get, or is to lose.
struct ModelVersionTag: Sendable {
    let version: ModelVersionID
    let tags: ModelTags

    init(fields: WireFields) throws(MLflowError) {
        let (given, tag) = (try ModelVersionID.given(fields), try fields.modelTag())
        version = try ModelVersionID(name: given.name, version: given.version)
        try tag.check(of: .version)
        tags = tag
    }
}

struct ModelVersionTagKey: Sendable {
    let version: ModelVersionID
    let key: String

    init(fields: WireFields) throws(MLflowError) {
        let given = try ModelVersionID.given(fields)
        key = try fields.text(required: "key")
        version = try ModelVersionID(name: given.name, version: given.version)
        try NameRules.check(key, at: "key")
    }
}

struct NewModelAlias: Sendable {
    let alias: String
    let version: ModelVersionID

    init(fields: WireFields) throws(MLflowError) {
        let name = try fields.text(required: "name")
        alias = try fields.text(required: "alias")
        let version = try fields.text(required: "version")
        try NameRules.registeredModel(name)
        try NameRules.alias(alias)
        self.version = try ModelVersionID(name: name, version: version)
    }
}

extension ModelVersionQuestion {
    init(fields: WireFields) throws(MLflowError) {
        let filter = try fields.text("filter") ?? ""
        let limit = try fields.integer("max_results") ?? Int64(SQLiteStore.modelVersionPageLimit)
        let order = try fields.texts("order_by")
        let token = try fields.text("page_token")
        guard limit <= SQLiteStore.modelVersionPageLimit else {
            throw .wrongType(.text(String(limit)), for: "max_results")  // MLflow's words for too many
        }
        guard limit > 0 else {
            throw .invalid("Invalid value for max_results. It must be a positive integer, but got \(limit)")
        }
        do throws(SearchError) {
            self.init(
                filter: try ModelVersionSearch.filter(filter),
                order: try ModelVersionSearch.mlflowOrder(order),
                limit: Int(limit))
        } catch {
            throw .search(error)
        }
        offset = try PageToken(token).offset
    }
}
