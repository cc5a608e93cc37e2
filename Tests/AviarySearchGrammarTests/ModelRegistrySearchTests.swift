import AviarySearchGrammar
import Testing

struct ModelRegistrySearchTests {
    @Test(
        arguments: [
            ("name = 'a'", .name(.equal("a"))),
            ("attribute.name ILIKE 'a%'", .name(.like("a%", ignoringCase: true))),
            ("name IN ('a', 'b')", .name(.among(["a", "b"]))),
            ("name NOT IN ('a')", .name(.notAmong(["a"]))),
            ("tag.`mlflow.prompt.is_prompt` != 'true'", .tag("mlflow.prompt.is_prompt", .notEqual("true"))),
            ("tags.a LIKE 'x'", .tag("a", .like("x", ignoringCase: false))),
        ] as [(String, RegisteredModelTest)])
    func `a filter of registered models`(filter: String, test: RegisteredModelTest) throws {
        #expect(try RegisteredModelSearch.filter(filter) == .test(test))
    }

    @Test(
        arguments: [
            ("name = 'a'", .text(.name, .equal("a"))),
            ("run_id IN ('a')", .text(.runID, .among(["a"]))),
            ("source_path LIKE 's3:%'", .text(.source, .like("s3:%", ignoringCase: false))),
            ("version_number >= 3", .number(.compare(.greaterOrEqual, 3))),
            ("tags.a = 'x'", .tag("a", .equal("x"))),
        ] as [(String, ModelVersionTest)])
    func `a filter of model versions`(filter: String, test: ModelVersionTest) throws {
        #expect(try ModelVersionSearch.filter(filter) == .test(test))
    }

    @Test func `what the client appends goes with what the user wrote`() throws {
        let filter = "name = 'a' OR tags.x = 'y' AND tag.`mlflow.prompt.is_prompt` != 'true'"
        #expect(try RegisteredModelSearch.filter(filter).tests.count == 3)
        #expect(try RegisteredModelSearch.filter("") == .everything)
        #expect(try ModelVersionSearch.filter("") == .everything)
    }

    private static let entities = "Valid entity types are ('attribute', 'tag', 'tags')"
    private static let text = "'{'=', '!=', 'LIKE', 'ILIKE'}'"
    private static let textOrList = "'{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}'"

    @Test(
        arguments: [
            ("foo bar", "Invalid clause(s) in filter string: foo bar"),
            ("params.a = 'x'", "Invalid entity type 'params'. \(entities)"),
            ("version = 'x'", "Invalid attribute key 'version' specified. Valid keys are '{'name'}'"),
            ("name = 5", "Expected a quoted string value for attributes. Got value 5"),
            ("name > 'a'", "Invalid comparator '>' not one of \(textOrList)"),
            ("name IS NULL", "Invalid comparator 'IS NULL' not one of \(textOrList)"),
            ("tags.a =~ 'a'", "Invalid comparator '=~' not one of \(text)"),
            ("tags.a IN ('a')", "Expected a quoted string value for tag (e.g. 'my-value'). Got value ('a')"),
            ("tags.a IS NULL", "Invalid comparator 'IS NULL' not one of \(text)"),
        ])
    func `what registered models have not is refused`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try RegisteredModelSearch.filter(filter) }
        #expect(error?.description == message)
    }

    @Test(
        arguments: [
            ("foo bar", "Invalid clause(s) in filter string: foo bar"),
            ("metrics.a = 1", "Invalid entity type 'metrics'. \(entities)"),
            (
                "version = 'x'",
                "Invalid attribute key 'version' specified. Valid keys are "
                    + "'{'name', 'run_id', 'source_path', 'version_number'}'"
            ),
            ("source_path IN ('x')", "Invalid comparator 'IN' not one of \(text)"),
            ("run_id < 'x'", "Invalid comparator '<' not one of \(textOrList)"),
            ("version_number = '1'", "Expected numeric value type for numeric attribute: version_number. Found '1'"),
            ("version_number LIKE 1", "Invalid comparator 'LIKE' not one of '{'=', '!=', '<', '<=', '>', '>='}'"),
            ("version_number IS NULL", "Invalid comparator 'IS NULL' not one of '{'=', '!=', '<', '<=', '>', '>='}'"),
        ])
    func `what model versions have not is refused`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try ModelVersionSearch.filter(filter) }
        #expect(error?.description == message)
    }

    @Test func `orders`() throws {
        #expect(
            try RegisteredModelSearch.order(["timestamp DESC", "name", "creation_timestamp asc"]) == [
                SearchOrder(.lastUpdate, isAscending: false), SearchOrder(.name), SearchOrder(.creation),
            ])
        #expect(
            try ModelVersionSearch.order(["version_number DESC", "last_updated_timestamp"]) == [
                SearchOrder(.number, isAscending: false), SearchOrder(.lastUpdate),
            ])
    }

    @Test(
        arguments: [
            (
                ["tags.a"],
                "Invalid order by key 'tags.a' specified. Valid keys are "
                    + "'{'timestamp', 'name', 'creation_timestamp', 'last_updated_timestamp'}'"
            ),
            (["name foo"], "Invalid ordering key in order_by clause 'name foo'."),
            (["name ASC DESC"], "Invalid order_by clause 'name ASC DESC'. Could not be parsed."),
            (
                ["timestamp", "last_updated_timestamp"],
                "`order_by` contains duplicate fields: ['timestamp', 'last_updated_timestamp']"
            ),
        ])
    func `an order that cannot be is refused`(clauses: [String], message: String) {
        let error = #expect(throws: SearchError.self) { _ = try RegisteredModelSearch.order(clauses) }
        #expect(error?.description == message)
    }

    @Test func `versions have other keys of order`() {
        let error = #expect(throws: SearchError.self) { _ = try ModelVersionSearch.order(["timestamp"]) }
        #expect(
            error?.description
                == "Invalid order by key 'timestamp' specified. Valid keys are "
                + "'{'name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'}'")
    }
}
