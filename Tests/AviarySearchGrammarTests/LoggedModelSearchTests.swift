import AviarySearchGrammar
import Testing

struct LoggedModelSearchTests {
    @Test(
        arguments: [
            ("name = 'a'", .text(.name, .equal("a"))),
            ("attributes.model_id IN ('m-1', 'm-2')", .text(.id, .among(["m-1", "m-2"]))),
            ("model_type ILIKE 'x'", .text(.type, .like("x", ignoringCase: true))),
            ("source_run_id != 'x'", .text(.sourceRunID, .notEqual("x"))),
            ("experiment_id NOT IN ('1')", .text(.experimentID, .notAmong(["1"]))),
            ("status = 2", .number(.status, .compare(.equal, 2))),
            ("creation_timestamp > 5", .number(.creation, .compare(.greater, 5))),
            ("attributes.creation_time > 5", .number(.creation, .compare(.greater, 5))),
            ("last_updated_timestamp <= 5", .number(.lastUpdate, .compare(.lessOrEqual, 5))),
            ("metrics.loss > 0.1", .metric("loss", .compare(.greater, 0.1))),
            ("metrics.`a b` != 1", .metric("a b", .compare(.notEqual, 1))),
            ("params.lr = '0.01'", .param("lr", .equal("0.01"))),
            ("tags.a NOT IN ('x')", .tag("a", .notAmong(["x"]))),
        ] as [(String, LoggedModelTest)])
    func `a filter of logged models`(filter: String, test: LoggedModelTest) throws {
        #expect(try LoggedModelSearch.filter(filter) == .test(test))
    }

    private static let text = "Expected one of ('=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN')."
    private static let number = "Expected one of ('<', '<=', '>', '>=', '=', '!=')."

    private static func noFilter(_ filter: String) -> String {
        "Invalid filter string: '\(filter)'. Expected a list of comparisons separated by 'AND' "
            + "(e.g. 'metrics.loss > 0.1 AND params.lr = 0.01')."
    }

    @Test(
        arguments: [
            ("foo bar", noFilter("foo bar")),
            ("metrics.a-b > 1", noFilter("metrics.a-b > 1")),
            (
                "metric.a > 1",
                "Invalid entity type: 'metric'. Expected one of ['attributes', 'metrics', 'params', 'tags']."
            ),
            ("metrics.a LIKE 1", "Invalid comparison operator for metrics.a: 'LIKE'. \(number)"),
            ("status IS NULL", "Invalid comparison operator for attributes.status: 'IS NULL'. \(number)"),
            ("name > 'x'", "Invalid comparison operator for attributes.name: '>'. \(text)"),
            ("params.a =~ 'x'", "Invalid comparison operator for params.a: '=~'. \(text)"),
            ("tags.a IS NULL", "Invalid comparison operator for tags.a: 'IS NULL'. \(text)"),
        ])
    func `what logged models have not is refused`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try LoggedModelSearch.filter(filter) }
        #expect(error?.description == message)
    }

    @Test(
        arguments: [
            ("name", .text(.name)), ("creation_time", .number(.creation)), ("status", .number(.status)),
            ("metrics.loss", .metric("loss")), ("metrics.train/a.b c", .metric("train/a.b c")),
        ] as [(String, LoggedModelField)])
    func `a field of an order`(name: String, field: LoggedModelField) throws {
        #expect(try LoggedModelSearch.orderField(name) == field)
    }

    @Test(
        arguments: [
            ("foo", "Invalid order by field name: foo"),
            ("params.a", "Invalid order by field name: params.a. Only metrics are supported."),
            ("", "Invalid order by field name: "),
        ])
    func `a field that gives no order is refused`(name: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try LoggedModelSearch.orderField(name) }
        #expect(error?.description == message)
    }
}
