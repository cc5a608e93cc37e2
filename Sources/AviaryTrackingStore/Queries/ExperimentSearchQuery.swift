import AviarySearchGrammar
import AviaryTracking
import GRDB

/// Finds the experiments that fit a filter, in an order.
enum ExperimentSearchQuery {
    /// Those of one page, and one more if more follow.
    static func experiments(_ question: ExperimentQuestion, _ db: Database) throws -> [Experiment] {
        let order = order(question.order)
        let terms = OrderTerms(order.map { OrderTerm(value: column($0.field), isAscending: $0.isAscending) })
        let scope: SQL = "FROM experiment WHERE \(lifecycle(question.lifecycle))"
        let filter = FilterSQL(question.filter, id: "experiment.id", scope: scope, test: condition)
        let query: SQL = """
            WITH \(filter.parts)found AS MATERIALIZED (
                SELECT experiment.id AS id\(terms.columns) \(scope) AND \(filter.condition)
            )
            SELECT id FROM found ORDER BY \(terms.order)id
            LIMIT \(question.limit + 1) OFFSET \(question.offset)
            """
        return try SQLRequest<Int64>(literal: query).fetchAll(db).map { try ExperimentTable.get($0, db) }
    }

    /// With what decides between equals.
    private static func order(_ given: [SearchOrder<ExperimentField>]) -> [SearchOrder<ExperimentField>] {
        guard !given.isEmpty else {
            return [SearchOrder(.time(.creation), isAscending: false), SearchOrder(.id)]
        }
        return given + (given.contains { $0.field == .id } ? [] : [SearchOrder(.id, isAscending: false)])
    }

    private static func column(_ field: ExperimentField) -> SQL {
        switch field {
        case .id: "experiment.id"
        case .name: "experiment.name"
        case .time(.creation): "experiment.created_at"
        case .time(.lastUpdate): "experiment.updated_at"
        }
    }

    /// A condition that is true or false, never NULL.
    private static func condition(_ test: ExperimentTest) -> SQL {
        switch test {
        case .id(.among(let ids)): "experiment.id IN \(ids)"
        case .id(.notAmong(let ids)): "experiment.id NOT IN \(ids)"
        case .name(let test): test.condition(on: column(.name))
        case .time(let time, let test): test.condition(on: column(.time(time)))
        case .tag(let key, let test): tag(key, test)
        }
    }

    private static func tag(_ key: String, _ test: ValueTest) -> SQL {
        let known: SQL = """
            EXISTS (SELECT 1 FROM experiment_tag AS pair
                WHERE pair.experiment = experiment.id AND pair.key = \(key)
            """
        return test.isForMissing ? "NOT \(known))" : "\(known) AND \(test.condition(on: "pair.value")))"
    }

    private static func lifecycle(_ lifecycle: Lifecycle) -> SQL {
        switch lifecycle {
        case .active: "experiment.deleted_at IS NULL"
        case .deleted: "experiment.deleted_at IS NOT NULL"
        case .any: "1"
        }
    }
}
