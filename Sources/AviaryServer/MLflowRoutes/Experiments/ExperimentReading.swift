import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore

extension NewExperiment {
    init(fields: WireFields) throws(MLflowError) {
        let name = try fields.text(required: "name")
        let location = try fields.nonEmptyText("artifact_location")
        let tags = try fields.pairs("tags")
        try LengthRules.experimentName(name)
        for (key, value) in tags {
            try NameRules.tag(key)
            try LengthRules.experimentTagValue(value)
        }
        let distinct = try WireFields.distinct(tags, each: "tag")
        let place = try location.map { location throws(MLflowError) in
            try ArtifactLocationRules.resolved(location)
        }
        self.init(name: name, artifactLocation: place, tags: distinct)
    }
}

/// The new name of an experiment.
struct ExperimentRenaming: Sendable {
    let id: Int64
    let name: String

    init(fields: WireFields) throws(MLflowError) {
        let id = try fields.text(required: "experiment_id")
        name = try fields.text(required: "new_name")
        self.id = try WireFields.experimentID(id)
        try LengthRules.experimentName(name)
    }
}

struct ExperimentTag: Sendable {
    let experiment: Int64
    let key: String
    let value: String

    init(fields: WireFields) throws(MLflowError) {
        let id = try fields.text(required: "experiment_id")
        key = try fields.text(required: "key")
        value = try fields.text("value") ?? ""
        experiment = try WireFields.experimentID(id)
        try NameRules.tag(key)
        try LengthRules.experimentTagValue(value)
    }
}

extension ExperimentQuestion {
    init(fields: WireFields) throws(MLflowError) {
        let limit = try fields.integer("max_results") ?? 0
        let token = try fields.text("page_token")
        let filter = try fields.text("filter") ?? ""
        let order = try fields.texts("order_by")
        let lifecycle = try fields.value("view_type", among: .viewTypes) ?? .active
        guard limit > 0 else { throw .pageSize(limit, "It must be a positive integer") }
        guard limit <= SQLiteStore.searchPageLimit else {
            throw .pageSize(limit, "It must be at most \(SQLiteStore.searchPageLimit)")
        }
        let offset = try PageToken(token).offset
        do throws(SearchError) {
            self.init(
                lifecycle: lifecycle,
                filter: try ExperimentSearch.filter(
                    filter, dialect: .mlflow, now: Timestamp.now.milliseconds),
                order: try ExperimentSearch.order(order, dialect: .mlflow), limit: Int(limit), offset: offset)
        } catch {
            throw .search(error)
        }
    }
}
