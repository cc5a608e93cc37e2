import AviarySearchGrammar
import GRDB

/// Finds the logged models that fit a filter, in an order.
enum LoggedModelSearchQuery {
    /// The numbers of those of one page, and of one more if more follow.
    static func numbers(
        _ question: LoggedModelQuestion, _ deadline: Deadline, _ db: Database
    ) throws -> [Int64] {
        let terms = OrderTerms(question.order.map(term))
        let scope: SQL = """
            FROM logged_model
            WHERE logged_model.experiment IN (\(experiments(question.experiments)))
                AND logged_model.deleted_at IS NULL
            """
        let filter = try ThingFilter(among: "SELECT logged_model.id \(scope)", deadline, db) { test in
            asked(test, on: question.datasets)
        }
        let fits = try filter.condition(on: "logged_model.id", question.filter)
        let query: SQL = """
            WITH \(asked(question.datasets))found AS MATERIALIZED (
                SELECT logged_model.id AS id, logged_model.uuid AS uuid,
                    logged_model.created_at AS created_at\(terms.columns)
                \(scope) AND \(fits)
                    AND \(measuredOnData(question))
            )
            SELECT id FROM found ORDER BY \(terms.order)\(equals(question.order))
            LIMIT \(question.limit + 1) OFFSET \(question.offset)
            """
        return try SQLRequest<Int64>(literal: query).fetchAll(db)
    }

    /// A query of the numbers of these experiments.
    private static func experiments(_ numbers: [Int64]?) -> SQL {
        guard let numbers else { return "SELECT id FROM experiment WHERE deleted_at IS NULL" }
        // One value to bind, however many they are.
        let list = "[\(numbers.map { String($0) }.joined(separator: ","))]"
        return "SELECT value FROM json_each(\(list))"
    }

    // MARK: - Data sets

    /// A table of the data sets, so that their number and that of the places that ask for them do not multiply.
    ///
    /// Another one stands behind it.
    private static func asked(_ datasets: [MeasuredDataset]) -> SQL {
        guard !datasets.isEmpty else { return "" }
        let rows: [SQL] = datasets.map { "(\($0.name), \($0.digest))" }
        return "asked (name, digest) AS MATERIALIZED (VALUES \(rows.joined(separator: ", "))), "
    }

    private static let isOnAskedData: SQL = """
        EXISTS (SELECT 1 FROM asked WHERE ifnull(asked.name = measured.dataset_name, 1)
            AND ifnull(asked.digest = measured.dataset_digest, 1))
        """

    /// Data sets without a metric in the filter ask for any point on them.
    private static func measuredOnData(_ question: LoggedModelQuestion) -> SQL {
        let asksForMetric = question.filter.tests.contains { test in
            if case .metric = test { true } else { false }
        }
        guard !question.datasets.isEmpty, !asksForMetric else { return "1" }
        return """
            EXISTS (SELECT 1 FROM logged_model_series AS measured
                WHERE measured.model = logged_model.id AND \(isOnAskedData))
            """
    }

    // MARK: - Tests

    private static func asked(_ test: LoggedModelTest, on datasets: [MeasuredDataset]) -> ThingTest {
        switch test {
        case .text(.run, let test):
            .text("run", of: "id", in: "logged_model", where: "logged_model.run <> ''", test)
        case .text(let text, let test): .text(column(text), of: "id", in: "logged_model", test)
        case .experiment(let test): own(test.condition(on: "logged_model.experiment"))
        case .time(let time, let test): own(test.condition(on: column(time)))
        case .metric(let key, let test): metric(key, test, on: datasets)
        case .param(let key, let test): .pair("logged_model_param", of: "model", key, test)
        case .tag(let key, let test): .pair("logged_model_tag", of: "model", key, test)
        }
    }

    private static func own(_ condition: SQL) -> ThingTest {
        .fits("SELECT id FROM logged_model WHERE \(condition)")
    }

    /// Some point fits, not only the last one.
    private static func metric(
        _ key: String, _ test: NumberTest, on datasets: [MeasuredDataset]
    ) -> ThingTest {
        let known: SQL = """
            WITH \(asked(datasets))measured AS (SELECT * FROM logged_model_series WHERE key = \(key))
            SELECT measured.model FROM measured CROSS JOIN logged_model_point AS point ON point.series = measured.id
            WHERE \(datasets.isEmpty ? "1" : isOnAskedData)
            """
        guard test != .missing else { return .failsFor(known) }
        return .fits("\(known) AND \(test.condition(onBits: "point.bits"))")
    }

    /// What is numbers in the table is compared as text.
    private static func column(_ text: LoggedModelText) -> SQL {
        switch text {
        case .name: "logged_model.name"
        case .id: "logged_model.uuid"
        case .type: "logged_model.model_type"
        case .status: statusWord
        case .statusNumber: "CAST(logged_model.status AS TEXT)"
        case .run: "nullif(logged_model.run, '')"
        case .sourceRunID: "logged_model.run"
        case .experimentID: "CAST(logged_model.experiment AS TEXT)"
        }
    }

    private static let statusWord: SQL = {
        let words: [SQL] = LoggedModelStatus.allCases.map { "WHEN \($0.rawValue) THEN \($0.word)" }
        return "CASE logged_model.status \(words.joined(separator: " ")) END"
    }()

    private static func column(_ time: LoggedModelTime) -> SQL {
        switch time {
        case .creation: "logged_model.created_at"
        case .lastUpdate: "logged_model.updated_at"
        }
    }

    // MARK: - Order

    private static func term(_ order: LoggedModelOrder) -> OrderTerm {
        switch order.field {
        case .metric(let key):
            OrderTerm(value: last(key, order.dataset), isAscending: order.isAscending, isImage: true)
        case .text(.statusNumber): OrderTerm(value: "logged_model.status", isAscending: order.isAscending)
        case .text(.experimentID):
            OrderTerm(value: "logged_model.experiment", isAscending: order.isAscending)
        case .text(let text): OrderTerm(value: column(text), isAscending: order.isAscending)
        case .time(let time): OrderTerm(value: column(time), isAscending: order.isAscending)
        }
    }

    /// The value of a metric that was measured last, of all runs.
    private static func last(_ key: String, _ dataset: MeasuredDataset) -> SQL {
        let name: SQL = dataset.name.map { "measured.dataset_name = \($0)" } ?? "1"
        let digest: SQL = dataset.digest.map { "measured.dataset_digest = \($0)" } ?? "1"
        return """
            SELECT measured.last_bits FROM logged_model_series AS measured JOIN run ON run.id = measured.run
            WHERE measured.model = logged_model.id AND measured.key = \(key) AND \(name) AND \(digest)
            ORDER BY measured.last_timestamp DESC, measured.last_step DESC, run.uuid LIMIT 1
            """
    }

    /// What decides between equals.
    private static func equals(_ order: [LoggedModelOrder]) -> SQL {
        let byCreation: SQL = order.contains { $0.field == .time(.creation) } ? "" : "created_at DESC, "
        return "\(byCreation)uuid"
    }
}
