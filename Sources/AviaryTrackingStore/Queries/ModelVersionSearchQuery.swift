import AviarySearchGrammar
import AviaryTracking
import GRDB

/// Finds the versions of registered models that fit a filter, in an order.
enum ModelVersionSearchQuery {
    /// The rows of one page, and one more if more follow.
    static func rows(
        _ question: ModelVersionQuestion, _ deadline: Deadline, _ db: Database
    ) throws -> [Int64] {
        let noPromptTag = ModelVersionTest.tag(PromptTag.isPrompt, .text(.missing))
        let prompts = PromptFilter(question.filter, ifMissing: noPromptTag) { test in
            guard case .tag(let key, let test) = test else { return nil }
            return (key, test)
        }
        let scope: SQL = "FROM \(tables) WHERE \(prompts.asksForPrompts ? "1" : noPrompt)"
        let filter = try ThingFilter(
            among: "SELECT model_version.id \(scope)", deadline, db, question: asked)
        let terms = OrderTerms(
            order(question.order).map { OrderTerm(value: column($0.field), isAscending: $0.isAscending) })
        let fits = try filter.condition(on: "model_version.id", prompts.tree)
        let query: SQL = """
            WITH found AS MATERIALIZED (
                SELECT model_version.id AS id\(terms.columns) \(scope)
                    AND \(fits)
            )
            SELECT id FROM found ORDER BY \(terms.order)id
            LIMIT \(question.limit + 1) OFFSET \(question.offset)
            """
        return try SQLRequest<Int64>(literal: query).fetchAll(db)
    }

    /// With what decides between equals.
    private static func order(
        _ given: [SearchOrder<ModelVersionField>]
    ) -> [SearchOrder<ModelVersionField>] {
        let first = given.isEmpty ? [SearchOrder(.lastUpdate, isAscending: false)] : given
        let byName = given.contains { $0.field == .name } ? [] : [SearchOrder(ModelVersionField.name)]
        let byNumber =
            given.contains { $0.field == .number }
            ? [] : [SearchOrder(ModelVersionField.number, isAscending: false)]
        return first + byName + byNumber
    }

    /// A model is one of prompts if any version of it says so; the index of those answers this with its very words.
    private static let noPrompt: SQL = """
        model_version.model NOT IN (
            SELECT prompt.model FROM model_version_tag AS pair JOIN model_version AS prompt ON prompt.id = pair.version
            WHERE pair.key = 'mlflow.prompt.is_prompt' AND pair.value = 'true')
        """

    private static let tables: SQL =
        "model_version JOIN registered_model ON registered_model.id = model_version.model"

    private static func asked(_ test: ModelVersionTest) -> ThingTest {
        switch test {
        case .text(.run, let test): text("run", where: "ifnull(model_version.run, '') <> ''", test)
        case .text(.runID, let test): text("run", where: "model_version.run IS NOT NULL", test)
        case .text(.source, let test): text("source", test)
        case .text(.name, let test):
            .text(column(.name), of: "model_version.id", in: tables, test)
        case .time(.creation, let test): own(test.condition(on: column(.creation)))
        case .time(.lastUpdate, let test): own(test.condition(on: column(.lastUpdate)))
        case .number(let test): own(test.condition(on: "model_version.version"))
        case .tag(let key, let test): .pair("model_version_tag", of: "version", key, test)
        }
    }

    private static func text(_ column: String, where isThere: SQL = "1", _ test: TextTest) -> ThingTest {
        .text("\(sql: column)", of: "id", in: "model_version", where: isThere, test)
    }

    private static func own(_ condition: SQL) -> ThingTest {
        .fits("SELECT id FROM model_version WHERE \(condition)")
    }

    private static func column(_ field: ModelVersionField) -> SQL {
        switch field {
        case .name: "registered_model.name"
        case .number: "model_version.version"
        case .creation: "model_version.created_at"
        case .lastUpdate: "model_version.updated_at"
        }
    }
}
