import AviarySearchGrammar
import Testing

struct RunSearchNativeTests {
    private static let now: Int64 = 1_764_000_000_000
    private static let hour: Int64 = 3_600_000

    private func tree(_ filter: String) throws(SearchError) -> SearchTree<RunTest> {
        try RunSearch.filter(filter, dialect: .native, now: Self.now)
    }

    @Test(
        arguments: [
            ("metrics.acc > .5", .metric("acc", .compare(.greater, 0.5))),
            ("metrics.acc IS NULL", .metric("acc", .missing)),
            ("metric.acc is not null", .metric("acc", .present)),
            ("params.lr > 0.01", .param("lr", .number(.greater, 0.01))),
            ("params.lr = 0.1", .param("lr", .number(.equal, 0.1))),
            ("param.lr = '0.1'", .param("lr", .text(.equal("0.1")))),
            ("param.lr IN ('0.1', '1')", .param("lr", .text(.among(["0.1", "1"])))),
            ("tags.n != -3", .tag("n", .number(.notEqual, -3))),
            ("tags.a NOT LIKE 'x%'", .tag("a", .text(.notLike("x%", ignoringCase: false)))),
            ("tags.a not ilike 'x%'", .tag("a", .text(.notLike("x%", ignoringCase: true)))),
            ("tags.a NOT IN ('x')", .tag("a", .text(.notAmong(["x"])))),
            ("tags.a IS NULL", .tag("a", .text(.missing))),
            ("status IN ('RUNNING', 'FAILED')", .text(.status, .among(["RUNNING", "FAILED"]))),
            ("run.user_id IS NOT NULL", .text(.userID, .present)),
            ("end_time IS NULL", .time(.end, .missing)),
            ("start_time > 5", .time(.start, .compare(.greater, 5))),
            ("start_time > 5.5", .time(.start, .compare(.greater, 5))),
            ("created > now()", .time(.start, .compare(.greater, now))),
            ("attributes.start_time > now() - 2h", .time(.start, .compare(.greater, now - 2 * hour))),
            ("start_time>NOW()-90s", .time(.start, .compare(.greater, now - 90_000))),
            ("end_time < now() + 15m", .time(.end, .compare(.less, now + hour / 4))),
            ("start_time >= now() - 7d", .time(.start, .compare(.greaterOrEqual, now - 168 * hour))),
            ("start_time >= now() - 4w", .time(.start, .compare(.greaterOrEqual, now - 672 * hour))),
            ("duration > 15m", .duration(.compare(.greater, hour / 4))),
            ("attributes.duration <= 1.5h", .duration(.compare(.lessOrEqual, hour * 3 / 2))),
            ("attr.duration IS NULL", .duration(.missing)),
            ("dataset.name IS NOT NULL", .dataset(.name, .present)),
            ("datasets.context = 'test'", .dataset(.context, .equal("test"))),
        ] as [(String, RunTest)])
    func `takes the whole language`(filter: String, test: RunTest) throws {
        #expect(try tree(filter) == .test(test))
    }

    @Test func `a pattern is ready to be asked`() throws {
        guard case .test(.text(.name, .matches(let pattern))) = try tree("run_name =~ '^res(net|next)-\\d+$'")
        else {
            Issue.record("no pattern was read")
            return
        }
        #expect(pattern.source == "^res(net|next)-\\d+$")
        #expect(pattern.matches("resnet-18"))
        #expect(!pattern.matches("resnet-x"))
        let negated = try tree("dataset.digest !~ 'a'")
        #expect(negated == .test(.dataset(.digest, .notMatches(try SearchPattern("a")))))
    }

    @Test(
        arguments: [
            ("2025-11-24", 1_763_942_400_000), ("2025-11-24T16:00", now), ("2025-11-24 16:00:00", now),
            ("2025-11-24T16:00:00Z", now), ("2025-11-24T16:00:00.250Z", now + 250),
            ("2025-11-24T16:00:00.2509999Z", now + 250), ("2025-11-24T17:30:00+01:30", now),
            ("2025-11-24T11:00:00-0500", now), ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1),
            ("2020-02-29", 1_582_934_400_000), ("2000-02-29", 951_782_400_000),
            ("2100-03-01", 4_107_542_400_000), ("0000-01-01", -62_167_219_200_000),
        ] as [(String, Int64)])
    func `a time in quotes is ISO 8601`(text: String, milliseconds: Int64) throws {
        #expect(try tree("start_time = '\(text)'") == .test(.time(.start, .compare(.equal, milliseconds))))
    }

    @Test(
        arguments: [
            "", "2025", "2025-11", "2025-13-01", "2025-00-01", "2025-02-29", "1900-02-29", "2025-04-31",
            "2025-01-00", "2025-1-1", "2025-11-24T", "2025-11-24T24:00", "2025-11-24T16:60", "2025-11-24T16",
            "2025-11-24T16:00:60", "2025-11-24T16:00:00.", "2025-11-24T16:00:00.1234567890",
            "2025-11-24T16:00:00+", "2025-11-24T16:00:00+01", "2025-11-24T16:00:00+24:00",
            "2025-11-24T16:00:00ZZ", "2025-11-24Z", "٢٠٢٥-11-24", "+2025-11-24", " 2025-11-24",
        ])
    func `what is no time is refused`(text: String) {
        let error = #expect(throws: SearchError.self) { _ = try tree("start_time > '\(text)'") }
        #expect(
            error?.description
                == "column 14: a time ('2026-03-01T12:00:00Z', now() - 2h, or milliseconds) is expected "
                + "after '>', not ''\(text)''")
    }

    @Test(arguments: [noKeys, noValues, noOperators].flatMap { $0 })
    func `an error says the column and what was expected`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try tree(filter) }
        #expect(error?.description == message)
    }

    private static let whatARunHas = "it has metrics, params, tags, attributes and datasets"

    private static let noKeys: [(String, String)] = [
        (
            "acc > 1",
            "column 1: 'acc' is no attribute of a run; there are run_id, run_name, user_id, status, "
                + "artifact_uri, start_time, end_time, created, duration; a metric is written metrics.acc"
        ),
        ("status = 'x' AND m.acc > 1", "column 18: 'm' is nothing that a run has; \(whatARunHas)"),
        (
            "dataset.size = 'x'",
            "column 1: 'size' is nothing that a data set has; it has name, digest, context"
        ),
    ]

    private static let aTime = "a time ('2026-03-01T12:00:00Z', now() - 2h, or milliseconds)"
    private static let aDuration = "a duration such as 90s or 2h"

    private static let noValues: [(String, String)] = [
        ("metrics.acc > 'x'", "column 15: a number is expected after '>', not ''x''"),
        ("metrics.acc > other", "column 15: a number is expected after '>', not 'other'"),
        ("metrics.acc > (1)", "column 15: a number is expected after '>', not '(1)'"),
        ("metrics.acc > 90s", "column 15: a number is expected after '>', not '90s'"),
        ("params.lr > '0.1'", "column 13: a number without quotes is expected after '>', not ''0.1''"),
        ("params.lr = x", "column 13: a text in quotes or a number is expected after '=', not 'x'"),
        ("params.lr = 5m", "column 13: a text in quotes or a number is expected after '=', not '5m'"),
        ("tags.a LIKE 5", "column 13: a text in quotes is expected after 'LIKE', not '5'"),
        ("tags.a LIKE ('x')", "column 13: a text in quotes is expected after 'LIKE', not '('x')'"),
        ("tags.a IN ('x', 5)", "column 17: a text in quotes is expected in a list, not '5'"),
        ("status = 1", "column 10: a text in quotes is expected after '=', not '1'"),
        ("duration > 900", "column 12: \(aDuration) is expected after '>', not '900'"),
        ("duration > '15m'", "column 12: \(aDuration) is expected after '>', not ''15m''"),
        ("start_time > 2h", "column 14: \(aTime) is expected after '>', not '2h'"),
        ("start_time = 1.5", "column 14: \(aTime) is expected after '=', not '1.5'"),
        ("tags.a =~ 5", "column 11: a pattern in quotes is expected after '=~', not '5'"),
        (
            "tags.a =~ '(a'",
            "column 11: the pattern cannot be used: the group is not closed, at character 1 of the pattern"
        ),
    ]

    private static let noOperators: [(String, String)] = [
        ("metrics.acc LIKE 'x'", noMetricOperator("LIKE")),
        ("metrics.acc == 1", noMetricOperator("==")),
        ("metrics.acc IN (1)", noMetricOperator("IN")),
        (
            "status > 'x'",
            "column 8: '>' does not fit the text 'status'; it takes =, !=, LIKE, ILIKE, NOT LIKE, "
                + "NOT ILIKE, IN, NOT IN, =~, !~, IS NULL, IS NOT NULL"
        ),
    ]

    private static func noMetricOperator(_ given: String) -> String {
        "column 13: '\(given)' does not fit the metric 'metrics.acc'; "
            + "it takes =, !=, <, <=, >, >=, IS NULL, IS NOT NULL"
    }

    @Test func `runs are ordered by duration too`() throws {
        let order = try RunSearch.order(["duration DESC", "metrics.train/loss"], dialect: .native)
        let expected = [
            SearchOrder(RunField.duration, isAscending: false), SearchOrder(.metric("train/loss")),
        ]
        #expect(order == expected)
        #expect(try RunSearch.order(["duration DESC, metrics.train/loss"], dialect: .native) == expected)
        #expect(try RunSearch.order(["duration desc,metrics.`train/loss`asc"], dialect: .native) == expected)
        #expect(try RunSearch.order([], dialect: .native) == [])
    }

    @Test(arguments: noOrders)
    func `an order that cannot be is refused`(clauses: [String], message: String) {
        let error = #expect(throws: SearchError.self) { _ = try RunSearch.order(clauses, dialect: .native) }
        #expect(error?.description == message)
    }

    private static let noOrders: [([String], String)] = [
        ([""], "column 1: a key is expected"),
        (["metrics.a UP"], "column 11: ASC or DESC is expected after 'metrics.a', not 'UP'"),
        (["metrics.a ASC x"], "column 15: ',' is expected after 'ASC', not 'x'"),
        (["run_id", " m.a"], "column 2: 'm' is nothing that a run has; \(whatARunHas)"),
        (["metrics.a,"], "column 11: a key is expected after ','"),
        (["metrics.a, metrics.b, metrics.a"], "column 23: 'metrics.a' stands in the order already"),
        (["metrics.a; x"], "column 10: ASC or DESC is expected after 'metrics.a', not ';'"),
        (["dataset.name"], "column 1: runs are not ordered by their data sets"),
        (["created", " start_time"], "column 2: 'start_time' stands in the order already"),
    ]
}
