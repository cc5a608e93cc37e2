import AviarySearchGrammar
import AviaryTracking
import GRDB

/// Finds the experiments that fit a filter, in an order.
enum ExperimentSearchQuery {
    /// Those of one page, and one more if more follow.
    static func experiments(
        _ question: ExperimentQuestion, _ deadline: Deadline, _ db: Database
    ) throws -> [Experiment] {
        let order = order(question.order)
        let terms = OrderTerms(order.map { OrderTerm(value: column($0.field), isAscending: $0.isAscending) })
        let scope: SQL = "FROM experiment WHERE \(sql: question.lifecycle.condition(on: "experiment"))"
        let filter = try ThingFilter(among: "SELECT experiment.id \(scope)", deadline, db, question: asked)
        let fits = try filter.condition(on: "experiment.id", question.filter)
        let query: SQL = """
            WITH found AS MATERIALIZED (
                SELECT experiment.id AS id\(terms.columns) \(scope)
                    AND \(fits)
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

    private static func asked(_ test: ExperimentTest) -> ThingTest {
        switch test {
        case .id(let test): own(test.condition(on: column(.id)))
        case .name(let test): .text(column(.name), of: column(.id), in: "experiment", test)
        case .time(let time, let test): own(test.condition(on: column(.time(time))))
        case .tag(let key, let test): .pair("experiment_tag", of: "experiment", key, test)
        }
    }

    private static func own(_ condition: SQL) -> ThingTest {
        .fits("SELECT id FROM experiment WHERE \(condition)")
    }
}
