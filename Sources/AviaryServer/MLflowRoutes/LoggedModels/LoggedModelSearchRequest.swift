import AviarySearchGrammar
import AviaryTrackingStore

/// Asks for logged models, a page at a time.
struct LoggedModelSearchRequest: Sendable {
    private static let usualLimit: Int64 = 50

    let question: LoggedModelQuestion
    private let asked: LoggedModelPageToken

    /// Everything is read before anything is checked, as MLflow does.
    init(fields: WireFields) throws(MLflowError) {
        let experiments = try fields.texts(required: "experiment_ids")
        let filter = try fields.text("filter") ?? ""
        let datasets = try Self.datasets(fields)
        let limit = try fields.integer("max_results") ?? 0
        let order = try Self.clauses(fields)
        let token = try fields.text("page_token") ?? ""
        guard limit >= 0 else { throw .pageSize(limit, "It must be a positive integer") }
        try Self.check(datasets)
        asked = LoggedModelPageToken(
            experiments: experiments, filter: filter.isEmpty ? nil : filter, order: order)
        question = LoggedModelQuestion(
            experiments: try Self.ids(experiments), filter: try Self.tree(filter), datasets: datasets,
            order: try Self.order(order),
            // A page may be shorter than was asked for, as long as a token says that more follow.
            limit: Int(min(limit == 0 ? Self.usualLimit : limit, Int64(SQLiteStore.searchPageLimit))),
            offset: token.isEmpty ? 0 : try asked.offset(of: token))
    }

    /// What asks for the next page.
    var nextToken: String { asked.text(offset: question.offset + question.limit) }

    private static func ids(_ texts: [String]) throws(MLflowError) -> [Int64] {
        var ids: [Int64] = []
        for text in texts { ids.append(try WireFields.experimentID(text)) }
        return ids
    }

    private static func datasets(_ fields: WireFields) throws(MLflowError) -> [MeasuredDataset] {
        var datasets: [MeasuredDataset] = []
        for dataset in try fields.messages("datasets") {
            datasets.append(
                MeasuredDataset(
                    name: try dataset.text("dataset_name"), digest: try dataset.nonEmptyText("dataset_digest")
                ))
        }
        return datasets
    }

    private static func check(_ datasets: [MeasuredDataset]) throws(MLflowError) {
        guard datasets.allSatisfy({ $0.name?.isEmpty == false }) else {
            throw .invalid("`dataset_name` in the `datasets` clause must be specified.")
        }
        guard datasets.count <= SearchLimits.comparisons else {
            throw .invalid(
                "datasets has \(datasets.count) entries; at most \(SearchLimits.comparisons) are taken")
        }
    }

    private static func clauses(_ fields: WireFields) throws(MLflowError) -> [LoggedModelOrderClause] {
        var clauses: [LoggedModelOrderClause] = []
        for clause in try fields.messages("order_by") {
            clauses.append(
                LoggedModelOrderClause(
                    field: try clause.text("field_name") ?? "",
                    isAscending: try clause.bool("ascending") ?? true,
                    datasetName: try clause.nonEmptyText("dataset_name"),
                    datasetDigest: try clause.nonEmptyText("dataset_digest")))
        }
        return clauses
    }

    private static func tree(_ filter: String) throws(MLflowError) -> SearchTree<LoggedModelTest> {
        do throws(SearchError) {
            return try LoggedModelSearch.filter(filter)
        } catch {
            throw .search(error)
        }
    }

    private static func order(_ clauses: [LoggedModelOrderClause]) throws(MLflowError) -> [LoggedModelOrder] {
        guard clauses.count <= SearchLimits.orderClauses else {
            throw .invalid(
                "order_by has \(clauses.count) clauses; at most \(SearchLimits.orderClauses) are taken")
        }
        var order: [LoggedModelOrder] = []
        for clause in clauses {
            do throws(SearchError) {
                order.append(
                    LoggedModelOrder(
                        try LoggedModelSearch.orderField(clause.field), isAscending: clause.isAscending,
                        dataset: MeasuredDataset(name: clause.datasetName, digest: clause.datasetDigest)))
            } catch {
                throw .search(error)
            }
        }
        return order
    }
}
