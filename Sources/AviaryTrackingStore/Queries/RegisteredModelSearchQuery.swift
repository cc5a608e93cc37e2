import AviarySearchGrammar
import AviaryTracking
import GRDB

/// Finds the registered models that fit a filter, in an order.
enum RegisteredModelSearchQuery {
    /// The rows of one page, and one more if more follow.
    static func rows(
        _ question: RegisteredModelQuestion, _ deadline: Deadline, _ db: Database
    ) throws -> [Int64] {
        let noPromptTag = RegisteredModelTest.tag(PromptTag.isPrompt, .text(.missing))
        let prompts = PromptFilter(question.filter, ifMissing: noPromptTag) { test in
            guard case .tag(let key, let test) = test else { return nil }
            return (key, test)
        }
        let scope: SQL = "FROM registered_model WHERE \(prompts.asksForPrompts ? "1" : noPrompt)"
        let filter = try ThingFilter(
            among: "SELECT registered_model.id \(scope)", deadline, db, question: asked)
        let byName =
            question.order.contains { $0.field == .name } ? [] : [SearchOrder(RegisteredModelField.name)]
        let terms = OrderTerms(
            (question.order + byName).map { OrderTerm(value: column($0.field), isAscending: $0.isAscending) })
        let fits = try filter.condition(on: "registered_model.id", prompts.tree)
        let query: SQL = """
            WITH found AS MATERIALIZED (
                SELECT registered_model.id AS id\(terms.columns) \(scope)
                    AND \(fits)
            )
            SELECT id FROM found ORDER BY \(terms.order)id
            LIMIT \(question.limit + 1) OFFSET \(question.offset)
            """
        return try SQLRequest<Int64>(literal: query).fetchAll(db)
    }

    private static let noPrompt: SQL = """
        NOT EXISTS (SELECT 1 FROM registered_model_tag AS pair
            WHERE pair.model = registered_model.id AND pair.key = \(PromptTag.isPrompt) AND pair.value = 'true')
        """

    private static func asked(_ test: RegisteredModelTest) -> ThingTest {
        switch test {
        case .name(let test): .text(column(.name), of: "registered_model.id", in: "registered_model", test)
        case .time(.creation, let test): own(test.condition(on: column(.creation)))
        case .time(.lastUpdate, let test): own(test.condition(on: column(.lastUpdate)))
        case .tag(let key, let test): .pair("registered_model_tag", of: "model", key, test)
        }
    }

    private static func own(_ condition: SQL) -> ThingTest {
        .fits("SELECT id FROM registered_model WHERE \(condition)")
    }

    private static func column(_ field: RegisteredModelField) -> SQL {
        switch field {
        case .name: "registered_model.name"
        case .creation: "registered_model.created_at"
        case .lastUpdate: "registered_model.updated_at"
        }
    }
}
