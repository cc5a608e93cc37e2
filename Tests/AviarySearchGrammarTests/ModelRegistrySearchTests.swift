import AviarySearchGrammar
import Testing

struct ModelRegistrySearchTests {
    @Test(
        arguments: [
            ("name = 'a'", .name(.equal("a"))),
            ("attribute.name ILIKE 'a%'", .name(.like("a%", ignoringCase: true))),
            ("name IN ('a', 'b')", .name(.among(["a", "b"]))),
            ("name NOT IN ('a')", .name(.notAmong(["a"]))),
            (
                "tag.`mlflow.prompt.is_prompt` != 'true'",
                .tag("mlflow.prompt.is_prompt", .text(.notEqual("true")))
            ),
            ("tags.a LIKE 'x'", .tag("a", .text(.like("x", ignoringCase: false)))),
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
            ("version_number = '3'", .number(.compare(.equal, 3))),
            ("tags.a = 'x'", .tag("a", .text(.equal("x")))),
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

    @Test(arguments: noModels)
    func `what registered models have not is refused`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try RegisteredModelSearch.filter(filter) }
        #expect(error?.description == message)
    }

    private static let entities = "Valid entity types are ('attribute', 'tag', 'tags')"

    private static let noModels: [(String, String)] = [
        ("foo bar", "Invalid clause(s) in filter string: foo bar"),
        ("name = true", "Invalid clause(s) in filter string: name, =, true"),
        ("params.a = 'x'", "Invalid entity type 'params'. \(entities)"),
        ("attributes.name = 'x'", "Invalid entity type 'attributes'. \(entities)"),
        ("tags.a-b = 'x'", "Invalid comparison clause. Expected 'Identifier' found 'tags.a-b'"),
        ("version = 'x'", "Invalid attribute key 'version' specified. Valid keys are '{'name'}'"),
        (
            "name = 5",
            "Expected a quoted string value or a list of quoted string values for attributes. Got value 5"
        ),
        ("name > 'a'", "Invalid comparator for attribute: >"),
        ("name = ('a')", "Invalid comparator for attribute: ="),
        ("name IS NULL", "Invalid comparator for attribute: IS NULL"),
        ("tags.a =~ 'a'", "Invalid comparator for tag: =~"),
        ("tags.a IN ('a')", "Expected a quoted string value for tag (e.g. 'my-value'). Got value ('a')"),
        ("tags.a IS NULL", "Invalid comparator for tag: IS NULL"),
    ]

    @Test(arguments: noVersions)
    func `what model versions have not is refused`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try ModelVersionSearch.filter(filter) }
        #expect(error?.description == message)
    }

    private static let noList =
        "Only ['name', 'run_id'] attributes support comparison with a list of quoted string values."

    private static let noVersions: [(String, String)] = [
        ("foo bar", "Invalid clause(s) in filter string: foo bar"),
        ("metrics.a = 1", "Invalid entity type 'metrics'. \(entities)"),
        (
            "version = 'x'",
            "Invalid attribute key 'version' specified. Valid keys are "
                + "'{'name', 'run_id', 'source_path', 'version_number'}'"
        ),
        ("source_path IN ('x')", noList),
        ("version_number IN (1)", noList),
        ("source_path > 'x'", "Invalid comparator for attribute: >"),
        ("run_id < 'x'", "Invalid comparator for attribute: <"),
        ("run_id IS NULL", "Invalid comparator for attribute: IS NULL"),
        (
            "run_id = 5",
            "Only the '{'version_number', 'creation_timestamp', 'last_updated_timestamp'}' attributes "
                + "support comparison with numeric values."
        ),
        ("tags.a =~ 'x'", "Invalid comparator for tag: =~"),
        ("version_number = 'x'", "Invalid value for numeric attribute 'version_number': 'x'"),
        ("version_number = 1.5", "Invalid value for numeric attribute 'version_number': 1.5"),
        (
            "version_number = x",
            "Expected numeric value type for numeric attribute: version_number. Found x"
        ),
        ("version_number LIKE 1", "Invalid comparator for attribute version_number: LIKE"),
        ("version_number IS NULL", "Invalid comparator for attribute version_number: IS NULL"),
    ]

    @Test func `orders have their keys and directions`() throws {
        #expect(
            try RegisteredModelSearch.order(["timestamp DESC", "name"], dialect: .mlflow) == [
                SearchOrder(.lastUpdate, isAscending: false), SearchOrder(.name),
            ])
        #expect(
            try RegisteredModelSearch.order(["last_updated_timestamp"], dialect: .mlflow) == [
                SearchOrder(.lastUpdate)
            ])
        #expect(
            try ModelVersionSearch.order(
                ["version_number DESC", "attribute.last_updated_timestamp"], dialect: .mlflow) == [
                    SearchOrder(.number, isAscending: false), SearchOrder(.lastUpdate),
                ])
    }

    @Test(arguments: noModelOrders)
    func `models have no other order`(clauses: [String], message: String) {
        let error = #expect(throws: SearchError.self) {
            _ = try RegisteredModelSearch.order(clauses, dialect: .mlflow)
        }
        #expect(error?.description == message)
    }

    private static let noModelOrders: [([String], String)] = [
        (["tags.a"], "Invalid order by key 'tags.a' specified. Valid keys are '{'timestamp', 'name'}'"),
        (
            ["creation_timestamp"],
            "Invalid order by key 'creation_timestamp' specified. Valid keys are '{'timestamp', 'name'}'"
        ),
        (["name foo"], "Invalid ordering key in order_by clause 'name foo'."),
        (["name ASC DESC"], "Invalid order_by clause 'name ASC DESC'. Could not be parsed."),
        (
            ["timestamp", "last_updated_timestamp"],
            "`order_by` contains duplicate fields: ['timestamp', 'last_updated_timestamp']"
        ),
    ]

    @Test(arguments: noVersionOrders)
    func `versions have no other order`(clauses: [String], message: String) {
        let error = #expect(throws: SearchError.self) {
            _ = try ModelVersionSearch.order(clauses, dialect: .mlflow)
        }
        #expect(error?.description == message)
    }

    private static let versionKeys =
        "{'name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'}"

    private static let noVersionOrders: [([String], String)] = [
        (["timestamp"], "Invalid attribute key 'timestamp' specified. Valid keys are '\(versionKeys)'"),
        (["tags.a"], "Invalid order by key 'a' specified. Valid keys are \(versionKeys)"),
        (["name foo"], "Invalid ordering key in order_by clause 'name foo'."),
        (["name", "name DESC"], "`order_by` contains duplicate fields: ['name', 'name DESC']"),
    ]
}
