import AviarySearchGrammar
import Testing

struct RunSearchMLflowTests {
    private func tree(_ filter: String) throws(SearchError) -> SearchTree<RunTest> {
        try RunSearch.filter(filter, dialect: .mlflow, now: 0)
    }

    @Test(
        arguments: [
            ("= 1.7976931348623157e308", .compare(.greaterOrEqual, .greatestFiniteMagnitude)),
            ("!= 1.7976931348623157e308", .compare(.notEqual, .infinity)),
            ("> 1.7976931348623157e308", .compare(.greater, .infinity)),
            (">= 1.7976931348623157e308", .compare(.greaterOrEqual, .greatestFiniteMagnitude)),
            ("< 1.7976931348623157e308", .compare(.less, .greatestFiniteMagnitude)),
            ("<= 1.7976931348623157e308", .compare(.lessOrEqual, .infinity)),
            ("= -1.7976931348623157e308", .compare(.lessOrEqual, -.greatestFiniteMagnitude)),
            ("!= -1.7976931348623157e308", .compare(.notEqual, -.infinity)),
            ("> -1.7976931348623157e308", .compare(.greater, -.greatestFiniteMagnitude)),
            (">= -1.7976931348623157e308", .compare(.greaterOrEqual, -.infinity)),
            ("< -1.7976931348623157e308", .compare(.less, -.infinity)),
            ("<= -1.7976931348623157e308", .compare(.lessOrEqual, -.greatestFiniteMagnitude)),
        ] as [(String, NumberTest)])
    func `an infinity is compared as the greatest number`(comparison: String, test: NumberTest) throws {
        #expect(try tree("metrics.m \(comparison)") == .test(.metric("m", test)))
        let ofModels = try LoggedModelSearch.filter("metrics.m \(comparison)")
        #expect(ofModels == .test(.metric("m", test)))
    }

    @Test(
        arguments: [
            ("metrics.acc > 0.5", .metric("acc", .compare(.greater, 0.5))),
            ("metric.acc=-1e3", .metric("acc", .compare(.equal, -1000))),
            ("metrics.`train acc` != 1", .metric("train acc", .compare(.notEqual, 1))),
            ("metrics.\"a-b/c\" <= 1", .metric("a-b/c", .compare(.lessOrEqual, 1))),
            ("metrics.1a > 1", .metric("1a", .compare(.greater, 1))),
            ("params.lr = '0.1'", .param("lr", .text(.equal("0.1")))),
            ("param.lr != \"0.1\"", .param("lr", .text(.notEqual("0.1")))),
            ("parameter.m like '%x_'", .param("m", .text(.like("%x_", ignoringCase: false)))),
            ("parameters.m iLike 'X'", .param("m", .text(.like("X", ignoringCase: true)))),
            ("params.m is null", .param("m", .text(.missing))),
            ("params.'a b' = 'x'", .param("a b", .text(.equal("x")))),
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
            ("Created > 5", .time(.start, .compare(.greater, 5))),
            ("start_time > 1.5", .time(.start, .compare(.greater, 1))),
            ("start_time >= -1.5", .time(.start, .compare(.greater, -2))),
            ("start_time < 1.5", .time(.start, .compare(.lessOrEqual, 1))),
            ("start_time <= 1.5", .time(.start, .compare(.lessOrEqual, 1))),
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

    @Test(arguments: [noClauses, noKeys, noNumbers, noTexts, noLists, noOperators].flatMap { $0 })
    func `refuses what MLflow refuses, in its words`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try tree(filter) }
        #expect(error?.description == message)
        #expect(error?.column == nil)
    }

    private static let noClauses: [(String, String)] = [
        ("foo bar", noClause("'foo bar'")),
        ("metrics.a > 0.1 NAND params.B = 'x'", noClause("'NAND params.B', '=', ''x''")),
        ("metrics.a > 1 AND foo AND params.b = 'x'", noClause("'foo'")),
        ("metrics.a > 1 AND", noClause("'AND'")),
        ("metrics.a > 1 AND AND tags.a = 'x'", noClause("'AND'")),
        ("metric.acc !=", noClause("'metric.acc', '!='")),
        ("params.acc LR !=", noClause("'params.acc LR', '!='")),
        ("`metrics.A > 0.1", noClause("'`metrics.A > 0.1'")),
        ("params.acc = 'LR", noClause("'params.acc', '=', ''LR'")),
        ("params.acc = LR'", noClause("'''")),
        ("tags.acc = = 'LR'", noClause("'tags.acc', '=', '=', ''LR''")),
        ("attribute.status IS 'RUNNING'", noClause("'attribute.status', 'IS', ''RUNNING''")),
        ("attribute.status = true", noClause("'attribute.status', '=', 'true'")),
        ("run_id IN 'a'", noClause("'run_id', 'IN', ''a''")),
        ("run_id IN ('a'", noClause("'run_id', 'IN', '(', ''a''")),
        ("metrics.a > 1 OR (tags.b", noClause("'tags.b'")),
        ("metrics.a > 1;", noClause("';'")),
        ("metrics.a > +5", noClause("'metrics.a', '>', '+', '5'")),
        ("metrics.a > - 5", noClause("'metrics.a', '>', '-', '5'")),
        ("metrics.a > 90s", noClause("'metrics.a > 90s'")),
        ("tags.b = 'x' AND start_time < 2h", noClause("'start_time < 2h'")),
        ("metrics.a > 1; metrics.b < 1", noStatement("'metrics.a > 1; metrics.b < 1'")),
        ("tags.a = 'x';tags.b = 'y'", noStatement("\"tags.a = 'x';tags.b = 'y'\"")),
        ("  ", "Invalid filter '  '. Could not be parsed."),
    ]

    private static func noClause(_ words: String) -> String {
        "Invalid clause(s) in filter string: \(words)"
    }

    private static func noStatement(_ filter: String) -> String {
        "Search filter contained multiple expression \(filter). Provide AND-ed expression list."
    }

    private static let noKeys: [(String, String)] = [
        ("1.0 > metrics.acc", noIdentifier("1.0")),
        ("1 = 1", noIdentifier("1")),
        ("1==2", noIdentifier("1")),
        ("'a' = 'b'", noIdentifier("'a'")),
        ("metrics.a-b > 1", noIdentifier("metrics.a-b")),
        ("metrics.a/b > 1", noIdentifier("metrics.a/b")),
        ("m.acc >= 0.94", noEntity("m")),
        ("Metrics.acc >= 0.94", noEntity("Metrics")),
        ("acc >= 0.94", noAttribute("acc")),
        ("attribute.start != 1", noAttribute("start")),
        ("attributes.duration > 5", noAttribute("duration")),
        ("foo IS NULL", noAttribute("foo")),
        (
            "dataset.size = 'x'",
            "Invalid dataset key 'size' specified. Valid keys are '{'name', 'digest', 'context'}'"
        ),
    ]

    private static func noIdentifier(_ given: String) -> String {
        "Invalid comparison clause. Expected 'Identifier' found '\(given)'"
    }

    private static func noEntity(_ given: String) -> String {
        "Invalid entity type '\(given)'. "
            + "Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']"
    }

    private static func noAttribute(_ given: String, inOrder: Bool = false) -> String {
        let names = "'run_id', 'run_name', 'user_id', 'status', 'artifact_uri', 'start_time', 'end_time', "
        let more = "'created', 'Created'\(inOrder ? "" : ", 'run name', 'Run name', 'Run Name'")"
        return "Invalid attribute key '\(given)' specified. Valid keys are '{\(names)\(more)}'"
    }

    private static let noNumbers: [(String, String)] = [
        ("metric.model = 'LR'", "Expected numeric value type for metric. Found 'LR'"),
        ("metrics.acc != metrics.acc", "Expected numeric value type for metric. Found metrics.acc"),
        ("metrics.acc = NaN", "Expected numeric value type for metric. Found NaN"),
        ("metrics.acc > (1)", "Expected numeric value type for metric. Found (1)"),
        ("metrics.acc IN ('a', 'b')", "Expected numeric value type for metric. Found ('a', 'b')"),
        ("start_time > '5'", "Expected numeric value type for numeric attribute: start_time. Found '5'"),
        ("created > now()", "Expected numeric value type for numeric attribute: created. Found now()"),
        (
            "start_time > now() - 2h",
            "Expected numeric value type for numeric attribute: start_time. Found now() - 2h"
        ),
        ("created = 1.5", "Invalid value for numeric attribute 'created': '1.5'"),
        ("end_time > 1e30", "Invalid value for numeric attribute 'end_time': '1e30'"),
    ]

    private static let noTexts: [(String, String)] = [
        ("params.acc = 5", noText("parameter (e.g. 'my-value')", "5")),
        ("tags.acc = -5", noText("tag (e.g. 'my-value')", "-5")),
        ("tags.a IN ('x')", noText("tag (e.g. 'my-value')", "('x')")),
        ("attribute.status = 1", noText("attributes", "1")),
        ("dataset.name = 5", noText("dataset attributes", "5")),
        ("params.acc = LR", notQuoted("LR")),
        ("tags.acc = `LR`", notQuoted("`LR`")),
        ("status = RUNNING", notQuoted("RUNNING")),
    ]

    private static func noText(_ wanted: String, _ given: String) -> String {
        "Expected a quoted string value for \(wanted). Got value \(given)"
    }

    private static func notQuoted(_ given: String) -> String {
        "Parameter value is either not quoted or unidentified quote types used for string value "
            + "\(given). Use either single or double quotes."
    }

    private static let noLists: [(String, String)] = [
        (
            "status IN ('RUNNING')",
            "Only ['run_id'] attributes support comparison with a list of quoted string values."
        ),
        ("run_id IN ()", noList("a non-empty list of string values, but got empty list")),
        ("run_id IN ('a' b)", noList("a non-empty list of string values, but got ill-formed list.")),
        ("run_id IN (a)", noList("a non-empty list of string values, but got ill-formed list.")),
        ("run_id IN (1)", noList("\(otherType): (1,)")),
        ("run_id IN (1, 'a')", noList("\(otherType): (1, 'a')")),
    ]

    private static let otherType =
        "string value, punctuation, or whitespace, but got different type in list"

    private static func noList(_ problem: String) -> String {
        "While parsing a list in the query, expected \(problem)"
    }

    private static let noOperators: [(String, String)] = [
        ("metrics.a =~ 1", noOperator("=~", order, isClosed: false)),
        ("metrics.a LIKE 1", noOperator("LIKE", order, isClosed: false)),
        ("metrics.a <> 1", noOperator("<>", order, isClosed: false)),
        ("params.a > '1'", noOperator(">", keyed)),
        ("tags.a =~ '1'", noOperator("=~", keyed, isClosed: false)),
        ("tags.a not like '1'", noOperator("NOT LIKE", keyed, isClosed: false)),
        ("tags.a == '1'", noOperator("==", keyed, isClosed: false)),
        ("status < 'x'", noOperator("<", text)),
        ("run_id = ('x')", noOperator("=", text)),
        ("start_time LIKE 5", noOperator("LIKE", order)),
        ("dataset.name ~ 'x'", noOperator("~", text, isClosed: false)),
        ("metrics.`a b` IS NULL", noPresence("'metric' 'a b'")),
        ("status IS NOT NULL", noPresence("'attribute' 'status'")),
        ("dataset.name IS NULL", noPresence("'dataset' 'name'")),
    ]

    private static let order = "{'=', '!=', '<', '<=', '>', '>='}"
    private static let text = "{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}"
    private static let keyed = "{'=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'}"

    private static func noOperator(_ given: String, _ valid: String, isClosed: Bool = true) -> String {
        "Invalid comparator '\(given)' not one of '\(valid)\(isClosed ? "'" : "")"
    }

    private static func noPresence(_ field: String) -> String {
        "IS NULL / IS NOT NULL is only supported for tags and params, not for \(field)"
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

    @Test(arguments: noOrders)
    func `an order that cannot be is refused in MLflow's words`(clauses: [String], message: String) {
        let error = #expect(throws: SearchError.self) { _ = try RunSearch.order(clauses, dialect: .mlflow) }
        #expect(error?.description == message)
    }

    private static let noOrders: [([String], String)] = [
        ([""], "Invalid order_by clause ''. Could not be parsed."),
        (["metrics.a DESC ASC"], "Invalid order_by clause 'metrics.a DESC ASC'. Could not be parsed."),
        (["metrics.a foo bar"], "Invalid order_by clause 'metrics.a foo bar'. Could not be parsed."),
        (["metrics.`a DESC"], "Invalid order_by clause 'metrics.`a DESC'. Could not be parsed."),
        (["metrics.a > 1"], "Invalid order_by clause 'metrics.a > 1'. Could not be parsed."),
        (["metrics.a/b"], "Invalid order_by clause 'metrics.a/b'. Could not be parsed."),
        (["metrics.a;"], "Invalid order_by clause 'metrics.a;'. Could not be parsed."),
        (["metrics.a, tags.b"], "Invalid order_by clause 'metrics.a, tags.b'. Could not be parsed."),
        (["5"], "Invalid order_by clause '5'. Could not be parsed."),
        (["metrics.a UP"], "Invalid ordering key in order_by clause 'metrics.a UP'."),
        (["m.a"], noEntity("m")),
        (["acc"], noAttribute("acc", inOrder: true)),
        (["duration"], noAttribute("duration", inOrder: true)),
        (["attributes.`Run name`"], noAttribute("Run name", inOrder: true)),
        (["dataset.name"], "Invalid identifier type 'dataset'"),
        (["created", "start_time"], "`order_by` contains duplicate fields: ['created', 'start_time']"),
        (
            ["metrics.a", "start_time", "metric.a DESC"],
            "`order_by` contains duplicate fields: ['metrics.a', 'start_time', 'metric.a DESC']"
        ),
    ]
}
