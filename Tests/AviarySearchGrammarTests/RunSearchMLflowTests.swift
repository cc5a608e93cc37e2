import AviarySearchGrammar
import Testing

struct RunSearchMLflowTests {
    private func tree(_ filter: String) throws(SearchError) -> SearchTree<RunTest> {
        try RunSearch.filter(filter, dialect: .mlflow, now: 0)
    }

    @Test(
        arguments: [
            ("metrics.acc > 0.5", .metric("acc", .compare(.greater, 0.5))),
            ("metric.acc=-1e3", .metric("acc", .compare(.equal, -1000))),
            ("metrics.`train acc` != 1", .metric("train acc", .compare(.notEqual, 1))),
            ("metrics.\"a-b/c\" <= 1", .metric("a-b/c", .compare(.lessOrEqual, 1))),
            ("params.lr = '0.1'", .param("lr", .text(.equal("0.1")))),
            ("param.lr != \"0.1\"", .param("lr", .text(.notEqual("0.1")))),
            ("parameter.m like '%x_'", .param("m", .text(.like("%x_", ignoringCase: false)))),
            ("parameters.m iLike 'X'", .param("m", .text(.like("X", ignoringCase: true)))),
            ("params.m is null", .param("m", .text(.missing))),
            ("tags.m IS NOT NULL", .tag("m", .text(.present))),
            ("tag.`mlflow.source.name` = 'a'", .tag("mlflow.source.name", .text(.equal("a")))),
            ("tags.a.b = 'x'", .tag("a.b", .text(.equal("x")))),
            ("run_id = 'a'", .text(.id, .equal("a"))),
            ("attributes.run_id IN ('a', \"b\",'c',)", .text(.id, .among(["a", "b", "c"]))),
            ("attr.run_id not in ('a')", .text(.id, .notAmong(["a"]))),
            ("run.status = 'RUNNING'", .text(.status, .equal("RUNNING"))),
            ("attribute.run_name LIKE 'a%'", .text(.name, .like("a%", ignoringCase: false))),
            ("attributes.`run name` = 'a'", .text(.name, .equal("a"))),
            ("attributes.\"Run name\" = 'a'", .text(.name, .equal("a"))),
            ("`Run Name` = 'a'", .text(.name, .equal("a"))),
            ("user_id ILIKE 'A'", .text(.userID, .like("A", ignoringCase: true))),
            ("artifact_uri != 'x'", .text(.artifactURI, .notEqual("x"))),
            ("start_time >= 1664067852747", .time(.start, .compare(.greaterOrEqual, 1_664_067_852_747))),
            ("attributes.created < 5", .time(.start, .compare(.less, 5))),
            ("end_time = 1e3", .time(.end, .compare(.equal, 1000))),
            ("dataset.name = 'mnist'", .dataset(.name, .equal("mnist"))),
            ("datasets.digest LIKE 'a%'", .dataset(.digest, .like("a%", ignoringCase: false))),
            ("dataset.context IN ('train', 'test')", .dataset(.context, .among(["train", "test"]))),
        ] as [(String, RunTest)])
    func `takes what MLflow takes`(filter: String, test: RunTest) throws {
        #expect(try tree(filter) == .test(test))
    }

    @Test func `OR, NOT and parentheses work`() throws {
        let loss = SearchTree.test(RunTest.metric("loss", .compare(.less, 1)))
        let tag = SearchTree.test(RunTest.tag("a", .text(.equal("x"))))
        #expect(try tree("metrics.loss < 1 AND tags.a = 'x'") == .all([loss, tag]))
        #expect(try tree("NOT (metrics.loss < 1 OR tags.a = 'x')") == .not(.any([loss, tag])))
    }

    @Test(
        arguments: [
            ("foo bar", "Invalid clause(s) in filter string: 'foo bar'"),
            ("metrics.a > 0.1 NAND params.B = 'x'", "Invalid clause(s) in filter string: 'NAND params.B = 'x''"),
            ("metrics.a > 1 AND foo AND params.b = 'x'", "Invalid clause(s) in filter string: 'foo'"),
            ("metrics.a > 1 AND", "Invalid clause(s) in filter string: 'AND'"),
            ("metric.acc !=", "Invalid clause(s) in filter string: 'metric.acc !='"),
            ("params.acc LR !=", "Invalid clause(s) in filter string: 'params.acc LR !='"),
            ("`metrics.A > 0.1", "Invalid clause(s) in filter string: '`metrics.A > 0.1'"),
            ("param`.A > 0.1", "Invalid clause(s) in filter string: 'param`.A > 0.1'"),
            ("params.acc = 'LR", "Invalid clause(s) in filter string: 'params.acc = 'LR'"),
            ("params.acc = LR'", "Invalid clause(s) in filter string: '''"),
            ("params.acc = \"LR'", "Invalid clause(s) in filter string: 'params.acc = \"LR''"),
            ("tags.acc = = 'LR'", "Invalid clause(s) in filter string: 'tags.acc = = 'LR''"),
            ("attribute.status IS 'RUNNING'", "Invalid clause(s) in filter string: 'attribute.status IS 'RUNNING''"),
            ("attribute.status = true", "Invalid clause(s) in filter string: 'attribute.status = true'"),
            ("run_id IN 'a'", "Invalid clause(s) in filter string: 'run_id IN 'a''"),
            ("run_id IN ('a'", "Invalid clause(s) in filter string: 'run_id IN ('a''"),
            ("metrics.a > 1 OR (tags.b = 'x'", "Invalid clause(s) in filter string: '(tags.b = 'x''"),
            (
                "metrics.a > 1; metrics.b < 1",
                "Search filter contained multiple expression 'metrics.a > 1; metrics.b < 1'. "
                    + "Provide AND-ed expression list."
            ),
            ("metrics.a > 1;", "Invalid clause(s) in filter string: ';'"),
            ("1.0 > metrics.acc", "Invalid comparison clause. Expected 'Identifier' found '1.0'"),
            ("'a' = 'b'", "Invalid comparison clause. Expected 'Identifier' found ''a''"),
            ("metrics.a-b > 1", "Invalid comparison clause. Expected 'Identifier' found 'metrics.a-b'"),
            ("m.acc >= 0.94", invalidEntity("m")),
            ("Metrics.acc >= 0.94", invalidEntity("Metrics")),
            ("acc >= 0.94", invalidAttribute("acc")),
            ("attribute.start != 1", invalidAttribute("start")),
            ("attributes.duration > 5", invalidAttribute("duration")),
            ("foo IS NULL", invalidAttribute("foo")),
            (
                "dataset.size = 'x'",
                "Invalid dataset key 'size' specified. Valid keys are '{'name', 'digest', 'context'}'"
            ),
            ("metric.model = 'LR'", "Expected numeric value type for metric. Found 'LR'"),
            ("metrics.acc != metrics.acc", "Expected numeric value type for metric. Found metrics.acc"),
            ("metrics.acc IN ('a', 'b')", "Expected numeric value type for metric. Found ('a', 'b')"),
            ("start_time > '5'", "Expected numeric value type for numeric attribute: start_time. Found '5'"),
            ("created > 1.5", "Expected numeric value type for numeric attribute: created. Found 1.5"),
            (
                "start_time > now() - 2h",
                "Expected numeric value type for numeric attribute: start_time. Found now() - 2h"
            ),
            (
                "params.acc = 5",
                "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 5"
            ),
            ("tags.acc = -5", "Expected a quoted string value for tag (e.g. 'my-value'). Got value -5"),
            ("tags.a IN ('x')", "Expected a quoted string value for tag (e.g. 'my-value'). Got value ('x')"),
            ("attribute.status = 1", "Expected a quoted string value for attributes. Got value 1"),
            ("params.acc = LR", notQuoted("LR")),
            ("tags.acc = `LR`", notQuoted("`LR`")),
            ("status = RUNNING", notQuoted("RUNNING")),
            ("metrics.a =~ 1", invalidComparator("=~", order)),
            ("metrics.a LIKE 1", invalidComparator("LIKE", order)),
            ("1 = 1", "Invalid comparison clause. Expected 'Identifier' found '1'"),
            ("params.a > '1'", invalidComparator(">", "{'=', '!=', 'LIKE', 'ILIKE'}")),
            ("tags.a =~ '1'", invalidComparator("=~", "{'=', '!=', 'LIKE', 'ILIKE'}")),
            ("tags.a not  like '1'", invalidComparator("NOT LIKE", "{'=', '!=', 'LIKE', 'ILIKE'}")),
            ("tags.a == '1'", invalidComparator("==", "{'=', '!=', 'LIKE', 'ILIKE'}")),
            ("status < 'x'", invalidComparator("<", "{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}")),
            ("run_id = ('x')", invalidComparator("=", "{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}")),
            ("start_time LIKE 5", invalidComparator("LIKE", order)),
            ("dataset.name ~ 'x'", invalidComparator("~", "{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}")),
            (
                "status IN ('RUNNING')",
                "Only ['run_id'] attributes support comparison with a list of quoted string values."
            ),
            (
                "run_id IN ()",
                "While parsing a list in the query, expected a non-empty list of string values, "
                    + "but got empty list"
            ),
            (
                "run_id IN ('a' b)",
                "While parsing a list in the query, expected a non-empty list of string values, "
                    + "but got ill-formed list."
            ),
            (
                "run_id IN (a)",
                "While parsing a list in the query, expected a non-empty list of string values, "
                    + "but got ill-formed list."
            ),
            (
                "run_id IN (1, 'a')",
                "While parsing a list in the query, expected string value, punctuation, or whitespace, "
                    + "but got different type in list: (1, 'a')"
            ),
            (
                "metrics.a IS NULL",
                "IS NULL / IS NOT NULL is only supported for tags and params, not for 'metric' 'a'"
            ),
            (
                "status IS NOT NULL",
                "IS NULL / IS NOT NULL is only supported for tags and params, not for 'attribute' 'status'"
            ),
        ])
    func `refuses what MLflow refuses, in its words`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try tree(filter) }
        #expect(error?.description == message)
        #expect(error?.column == nil)
    }

    private static let order = "{'=', '!=', '<', '<=', '>', '>='}"

    private static func invalidComparator(_ given: String, _ valid: String) -> String {
        "Invalid comparator '\(given)' not one of '\(valid)'"
    }

    private static func invalidEntity(_ given: String) -> String {
        "Invalid entity type '\(given)'. "
            + "Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']"
    }

    private static func invalidAttribute(_ given: String) -> String {
        "Invalid attribute key '\(given)' specified. Valid keys are '{'run_id', 'run_name', 'user_id', "
            + "'status', 'artifact_uri', 'run name', 'Run name', 'Run Name', 'start_time', 'end_time', "
            + "'created'}'"
    }

    private static func notQuoted(_ given: String) -> String {
        "Parameter value is either not quoted or unidentified quote types used for string value "
            + "\(given). Use either single or double quotes."
    }

    @Test func `an order has a key a clause`() throws {
        let clauses = [
            "metrics.acc DESC", "params.`a b`", "tag.\"x\" asc", "start_time", "attributes.run_name desc",
            "\"status\" ASC",
        ]
        let order: [SearchOrder<RunField>] = [
            SearchOrder(.metric("acc"), isAscending: false), SearchOrder(.param("a b")),
            SearchOrder(.tag("x")), SearchOrder(.time(.start)),
            SearchOrder(.text(.name), isAscending: false), SearchOrder(.text(.status)),
        ]
        #expect(try RunSearch.order(clauses, dialect: .mlflow) == order)
        #expect(try RunSearch.order(clauses, dialect: .native) == order)
        #expect(try RunSearch.order([], dialect: .mlflow).isEmpty)
    }

    @Test(
        arguments: [
            ([""], "Invalid order_by clause ''. Could not be parsed."),
            (["metrics.a DESC ASC"], "Invalid order_by clause 'metrics.a DESC ASC'. Could not be parsed."),
            (["metrics.`a DESC"], "Invalid order_by clause 'metrics.`a DESC'. Could not be parsed."),
            (["metrics.a > 1"], "Invalid order_by clause 'metrics.a > 1'. Could not be parsed."),
            (["5"], "Invalid order_by clause '5'. Could not be parsed."),
            (["metrics.a UP"], "Invalid ordering key in order_by clause 'metrics.a UP'."),
            (["m.a"], invalidEntity("m")),
            (["acc"], invalidAttribute("acc")),
            (["duration"], invalidAttribute("duration")),
            (["dataset.name"], "Invalid order_by entity: dataset"),
            (
                ["metrics.a", "start_time", "metric.a DESC"],
                "`order_by` contains duplicate fields: ['metrics.a', 'start_time', 'metric.a DESC']"
            ),
        ])
    func `an order that cannot be is refused in MLflow's words`(clauses: [String], message: String) {
        let error = #expect(throws: SearchError.self) { _ = try RunSearch.order(clauses, dialect: .mlflow) }
        #expect(error?.description == message)
    }
}
