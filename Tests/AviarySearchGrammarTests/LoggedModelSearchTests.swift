import AviarySearchGrammar
import Testing

struct LoggedModelSearchTests {
    @Test(
        arguments: [
            ("name = 'a'", .text(.name, .equal("a"))),
            ("name = m1", .text(.name, .equal("m1"))),
            ("attributes.model_id IN ('m-1', 'm-2')", .text(.id, .among(["m-1", "m-2"]))),
            ("model_type ILIKE 'x'", .text(.type, .like("x", ignoringCase: true))),
            ("source_run_id != 'x'", .text(.sourceRunID, .notEqual("x"))),
            ("experiment_id NOT IN ('1')", .text(.experimentID, .notAmong(["1"]))),
            ("experiment_id = 0", .text(.experimentID, .equal("0"))),
            ("status = 2", .text(.statusNumber, .equal("2"))),
            ("status IN ('1', '3')", .text(.statusNumber, .among(["1", "3"]))),
            ("creation_timestamp > 5", .time(.creation, .compare(.greater, 5))),
            ("attributes.creation_time > 5", .time(.creation, .compare(.greater, 5))),
            ("last_updated_timestamp <= 5", .time(.lastUpdate, .compare(.lessOrEqual, 5))),
            ("creation_timestamp_ms < 5", .time(.creation, .compare(.less, 5))),
            ("metrics.loss > 0.1", .metric("loss", .compare(.greater, 0.1))),
            ("metrics.a-b/c > 1", .metric("a-b/c", .compare(.greater, 1))),
            ("metrics.`a b` != 1", .metric("a b", .compare(.notEqual, 1))),
            ("params.lr = '0.01'", .param("lr", .text(.equal("0.01")))),
            ("params.lr = 0.01", .param("lr", .text(.equal("0.01")))),
            ("tags.a NOT IN ('x')", .tag("a", .text(.notAmong(["x"])))),
        ] as [(String, LoggedModelTest)])
    func `a filter of logged models`(filter: String, test: LoggedModelTest) throws {
        #expect(try LoggedModelSearch.filter(filter) == .test(test))
    }

    @Test(arguments: noFilters)
    func `what logged models have not is refused`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try LoggedModelSearch.filter(filter) }
        #expect(error?.description == message)
    }

    private static let noFilters: [(String, String)] = [
        ("foo bar", noList("'foo bar'")),
        ("name = 'a' foo", noList("\"name = 'a' foo\"")),
        ("name = 'a'; name = 'b'", noExpression("\"name = 'a'; name = 'b'\"")),
        (" ", noExpression("' '")),
        (
            "metric.a > 1",
            "Invalid entity type: 'metric'. Expected one of ['attributes', 'metrics', 'params', 'tags']."
        ),
        (
            "foo = 'x'",
            "Invalid attribute key 'foo' specified. Valid keys are '{'name', 'model_id', 'model_type', "
                + "'status', 'source_run_id', 'experiment_id', 'creation_timestamp', "
                + "'last_updated_timestamp', 'creation_time'}'"
        ),
        ("metrics.a LIKE 1", "Invalid comparison operator for metrics.a: 'LIKE'. \(numberOperators)"),
        ("status > 1", "Invalid comparison operator for attributes.status: '>'. \(textOperators)"),
        ("name > 'x'", "Invalid comparison operator for attributes.name: '>'. \(textOperators)"),
        ("params.a =~ 'x'", "Invalid comparison operator for params.a: '=~'. \(textOperators)"),
        ("tags.`a b` is null", "Invalid comparison: tags.`a b`IS NULL. Expected a comparison with 3 tokens."),
        ("foo IS NOT NULL", "Invalid comparison: fooIS NOT NULL. Expected a comparison with 3 tokens."),
        ("metrics.a > 'x'", "could not convert string to float: \"'x'\""),
        ("creation_time > x", "could not convert string to float: 'x'"),
        ("creation_time = 1.5", "Invalid value for numeric attribute 'creation_time': '1.5'"),
        (
            "creation_time LIKE 1",
            "Invalid comparison operator for attributes.creation_timestamp_ms: 'LIKE'. \(numberOperators)"
        ),
        (
            "attributes.creation_time LIKE 1",
            "Invalid comparison operator for attributes.creation_time: 'LIKE'. \(numberOperators)"
        ),
    ]

    private static let textOperators = "Expected one of ('=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN')."
    private static let numberOperators = "Expected one of ('<', '<=', '>', '>=', '=', '!=')."

    private static func noList(_ filter: String) -> String {
        "Invalid filter string: \(filter). Expected a list of comparisons separated by 'AND' "
            + "(e.g. 'metrics.loss > 0.1 AND params.lr = 0.01')."
    }

    private static func noExpression(_ filter: String) -> String {
        "Invalid filter string: \(filter). Expected a single SQL expression."
    }

    @Test(
        arguments: [
            ("name", .text(.name)), ("creation_time", .time(.creation)),
            ("last_updated_timestamp_ms", .time(.lastUpdate)),
            ("status", .text(.statusNumber)),
            ("metrics.loss", .metric("loss")), ("metrics.train/a.b c", .metric("train/a.b c")),
        ] as [(String, LoggedModelField)])
    func `a field of an order`(name: String, field: LoggedModelField) throws {
        #expect(try LoggedModelSearch.orderField(name) == field)
    }

    @Test(
        arguments: [
            ("foo", "Invalid order by field name: foo"),
            ("params.a", "Invalid order by field name: params.a. Only metrics are supported."),
            ("attributes.name", "Invalid order by field name: attributes.name. Only metrics are supported."),
            ("", "Invalid order by field name: "),
        ])
    func `a field that gives no order is refused`(name: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try LoggedModelSearch.orderField(name) }
        #expect(error?.description == message)
    }
}
