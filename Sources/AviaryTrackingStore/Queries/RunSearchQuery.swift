import AviarySearchGrammar
import GRDB

/// Finds the runs that fit a filter, in an order.
enum RunSearchQuery {
    /// The rows of one page, and one more if more follow.
    static func rows(_ question: RunQuestion, _ db: Database) throws -> [Int64] {
        let terms = OrderTerms(question.order.map { RunOrder.term($0) })
        let byStart: SQL = question.order.contains { $0.field == .time(.start) } ? "" : "start_time DESC, "
        // Materialized: otherwise SQLite puts a key's subquery into every place of the order that names it.
        let scope: SQL = """
            FROM run JOIN experiment ON experiment.id = run.experiment
            WHERE run.experiment IN (SELECT value FROM json_each(\(json(question.experiments))))
                AND \(lifecycle(question.lifecycle))
            """
        let filter = FilterSQL(question.filter, id: "run.id", scope: scope, test: RunCondition.sql)
        let query: SQL = """
            WITH \(filter.parts)found AS MATERIALIZED (
                SELECT run.id AS id, run.uuid AS uuid, run.start_time AS start_time\(terms.columns)
                \(scope) AND \(filter.condition)
            )
            SELECT id FROM found ORDER BY \(terms.order)\(byStart)uuid
            LIMIT \(question.limit + 1) OFFSET \(question.offset)
            """
        return try SQLRequest<Int64>(literal: query).fetchAll(db)
    }

    /// One value to bind, however many they are.
    private static func json(_ numbers: [Int64]) -> String {
        "[\(numbers.map { String($0) }.joined(separator: ","))]"
    }

    private static func lifecycle(_ lifecycle: Lifecycle) -> SQL {
        switch lifecycle {
        case .active: "run.deleted_at IS NULL"
        case .deleted: "run.deleted_at IS NOT NULL"
        case .any: "1"
        }
    }
}

/// The tests of a filter of runs as conditions on a row of `run` and its `experiment`.
enum RunCondition {
    /// A condition that is true or false, never NULL.
    static func sql(_ test: RunTest) -> SQL {
        switch test {
        case .metric(let key, let test): metric(key, test)
        case .param(let key, let test): value("param", key, test)
        case .tag(TagTable.runName, .text(let test)): test.condition(on: RunColumn.sql(.name))
        case .tag(TagTable.runName, let test): "ifnull(\(test.condition(on: RunColumn.sql(.name))), 0)"
        case .tag(let key, let test): value("tag", key, test)
        case .text(let text, let test): test.condition(on: RunColumn.sql(text))
        case .time(let time, let test): test.condition(on: RunColumn.sql(time))
        case .duration(let test): test.condition(on: RunColumn.duration)
        case .dataset(let text, let test): dataset(text, test)
        }
    }

    private static func metric(_ key: String, _ test: NumberTest) -> SQL {
        let latest: SQL = """
            EXISTS (SELECT 1 FROM series JOIN latest ON latest.series = series.id
                WHERE series.run = run.id AND series.key = \(key)
            """
        return test == .missing ? "NOT \(latest))" : "\(latest) AND \(test.condition(onBits: "latest.bits")))"
    }

    private static func value(_ table: String, _ key: String, _ test: ValueTest) -> SQL {
        let known: SQL = """
            EXISTS (SELECT 1 FROM \(sql: table) AS pair WHERE pair.run = run.id AND pair.key = \(key)
            """
        return test.isForMissing ? "NOT \(known))" : "\(known) AND \(test.condition(on: "pair.value")))"
    }

    private static func dataset(_ text: DatasetText, _ test: TextTest) -> SQL {
        let known: SQL =
            switch text {
            case .name, .digest:
                """
                EXISTS (SELECT 1 FROM run_dataset JOIN dataset ON dataset.id = run_dataset.dataset
                    WHERE run_dataset.run = run.id
                """
            case .context:
                """
                EXISTS (SELECT 1 FROM run_dataset_tag AS pair
                    WHERE pair.run = run.id AND pair.key = \(DatasetUse.contextKey)
                """
            }
        let column: SQL =
            switch text {
            case .name: "dataset.name"
            case .digest: "dataset.digest"
            case .context: "pair.value"
            }
        return test == .missing ? "NOT \(known))" : "\(known) AND \(test.condition(on: column)))"
    }
}

/// What is said of a run in its own row.
enum RunColumn {
    static func sql(_ text: RunText) -> SQL {
        switch text {
        case .id: "run.uuid"
        case .name: "run.name"
        case .userID: "run.user"
        case .status: "run.status"
        case .artifactURI: "(rtrim(experiment.artifact_location, '/') || '/' || run.uuid || '/artifacts')"
        }
    }

    static func sql(_ time: RunTime) -> SQL {
        switch time {
        case .start: "run.start_time"
        case .end: "run.end_time"
        }
    }

    /// NULL while the run has not ended.
    static let duration: SQL = "(run.end_time - run.start_time)"
}

/// The keys of an order of runs as values of a row of `run` and its `experiment`.
enum RunOrder {
    static func term(_ order: SearchOrder<RunField>) -> OrderTerm {
        if case .metric = order.field {
            return OrderTerm(value: value(order.field), isAscending: order.isAscending, isImage: true)
        }
        return OrderTerm(value: value(order.field), isAscending: order.isAscending)
    }

    private static func value(_ field: RunField) -> SQL {
        switch field {
        case .metric(let key):
            """
            SELECT latest.bits FROM series JOIN latest ON latest.series = series.id
            WHERE series.run = run.id AND series.key = \(key)
            """
        case .param(let key): "SELECT value FROM param WHERE param.run = run.id AND param.key = \(key)"
        case .tag(TagTable.runName): RunColumn.sql(.name)
        case .tag(let key): "SELECT value FROM tag WHERE tag.run = run.id AND tag.key = \(key)"
        case .text(let text): RunColumn.sql(text)
        case .time(let time): RunColumn.sql(time)
        case .duration: RunColumn.duration
        }
    }
}
