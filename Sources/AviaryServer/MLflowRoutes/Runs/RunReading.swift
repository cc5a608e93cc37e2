import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore

extension NewRun {
    /// The tag in which clients send a run's name.
    private static let nameTag = "mlflow.runName"

    init(fields: WireFields) throws(MLflowError) {
        let experiment = try fields.text(required: "experiment_id")
        let user = try fields.text("user_id") ?? ""
        let name = try fields.text("run_name") ?? ""
        let start = try fields.integer("start_time") ?? 0
        // MLflow looks at the names of tags when they are set, and not here.
        let tags = try fields.distinctPairs("tags", each: "tag").mapValues(LengthRules.runTagValue)
        let taggedName = tags[Self.nameTag] ?? ""
        guard name.isEmpty || taggedName.isEmpty || name.utf8.elementsEqual(taggedName.utf8)
        else {
            throw .invalid(
                "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
                    + "(run_name='\(name.shortened())', mlflow.runName='\(taggedName.shortened())').")
        }
        let chosen = name.isEmpty ? taggedName : name
        try LengthRules.check(user, "user_id", limit: Limits.userLength)
        self.init(
            experiment: .numbered(try WireFields.experimentID(experiment)),
            name: chosen.isEmpty ? nil : LengthRules.runTagValue(chosen), user: user,
            tags: tags.filter { $0.key.text != Self.nameTag }, startTime: Timestamp(milliseconds: start))
    }
}

extension RunChange {
    /// An empty name is none.
    init(fields: WireFields) throws(MLflowError) {
        let status = try fields.value("status", among: .runStatuses)
        let end = try fields.integer("end_time")
        let name = try fields.nonEmptyText("run_name")
        self.init(
            status: status, endTime: end.map { Timestamp(milliseconds: $0) },
            name: name.map(LengthRules.runTagValue))
    }
}

extension RunQuestion {
    private static let usualLimit: Int64 = 1000

    init(fields: WireFields) throws(MLflowError) {
        let experiments = try fields.texts("experiment_ids")
        let filter = try fields.text("filter") ?? ""
        let lifecycle = try fields.value("run_view_type", among: .viewTypes) ?? .active
        let limit = try fields.integer("max_results") ?? Self.usualLimit
        let order = try fields.texts("order_by")
        let token = try fields.text("page_token")
        guard limit <= SQLiteStore.searchPageLimit else {
            throw .wrongType(.integer(limit), for: "max_results")  // MLflow's words for too many
        }
        guard limit > 0 else { throw .pageSize(limit, "It must be a positive integer") }
        let offset = try PageToken(token).offset
        var ids: [Int64] = []
        for text in experiments { ids.append(try WireFields.experimentID(text)) }
        do throws(SearchError) {
            self.init(
                experiments: ids, lifecycle: lifecycle,
                filter: try RunSearch.filter(filter, dialect: .mlflow, now: Timestamp.now.milliseconds),
                order: try RunSearch.order(order, dialect: .mlflow), limit: Int(limit), offset: offset)
        } catch {
            throw .search(error)
        }
    }
}
