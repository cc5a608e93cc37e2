import AviarySearchGrammar
import Testing

struct LoggedModelSearchNativeTests {
    private static let now: Int64 = 10_000_000
    private static let hour: Int64 = 3_600_000

    private func tree(_ filter: String) throws(SearchError) -> SearchTree<LoggedModelTest> {
        try LoggedModelSearch.filter(filter, dialect: .native, now: Self.now)
    }

    @Test(
        arguments: [
            ("status = 'READY'", .text(.status, .equal("READY"))),
            ("status IN ('PENDING', 'FAILED')", .text(.status, .among(["PENDING", "FAILED"]))),
            ("attributes.name NOT LIKE 'a%'", .text(.name, .notLike("a%", ignoringCase: false))),
            ("model_id != 'm-1'", .text(.id, .notEqual("m-1"))),
            ("model_type ILIKE 'x'", .text(.type, .like("x", ignoringCase: true))),
            ("source_run_id IS NULL", .text(.run, .missing)),
            ("experiment_id = 3", .experiment(.among([3]))),
            ("experiment_id NOT IN (1, '2')", .experiment(.notAmong([1, 2]))),
            ("creation_timestamp > now() - 2h", .time(.creation, .compare(.greater, now - 2 * hour))),
            ("creation_time < '1970-01-02'", .time(.creation, .compare(.less, 24 * hour))),
            ("last_updated_timestamp IS NOT NULL", .time(.lastUpdate, .present)),
            ("metrics.loss <= 0.5", .metric("loss", .compare(.lessOrEqual, 0.5))),
            ("metric.train/loss IS NULL", .metric("train/loss", .missing)),
            ("params.lr > 1e-3", .param("lr", .number(.greater, 0.001))),
            ("params.lr = '0.10'", .param("lr", .text(.equal("0.10")))),
            ("param.lr IS NULL", .param("lr", .text(.missing))),
            ("tags.n IN ('x')", .tag("n", .text(.among(["x"])))),
            ("tag.n != 5", .tag("n", .number(.notEqual, 5))),
        ] as [(String, LoggedModelTest)])
    func `takes the whole language`(filter: String, test: LoggedModelTest) throws {
        #expect(try tree(filter) == .test(test))
        #expect(try tree("NOT (\(filter) OR \(filter))") == .not(.any([.test(test), .test(test)])))
    }

    @Test func `a pattern is read`() throws {
        let pattern = try SearchPattern("^m\\d$")
        #expect(try tree("name =~ '^m\\d$'") == .test(.text(.name, .matches(pattern))))
        #expect(try tree("params.a !~ '^m\\d$'") == .test(.param("a", .text(.notMatches(pattern)))))
    }

    @Test(
        arguments: [
            (
                "loss < 1",
                "column 1: 'loss' is no attribute of a logged model; there are name, model_id, model_type, "
                    + "status, source_run_id, experiment_id, creation_timestamp, last_updated_timestamp; "
                    + "a metric is written metrics.loss"
            ),
            (
                "name = 'a' AND dataset.name = 'x'",
                "column 16: 'dataset' is nothing that a logged model has; "
                    + "it has metrics, params, tags and attributes"
            ),
            ("status = 2", "column 10: a text in quotes is expected after '=', not '2'"),
            ("experiment_id LIKE '1'", noIdentifier),
            (
                "creation_time > 2h",
                "column 17: a time ('2026-03-01T12:00:00Z', now() - 2h, or milliseconds) is expected "
                    + "after '>', not '2h'"
            ),
            ("name = 'a' OR", "column 14: a key is expected after 'OR'"),
        ])
    func `an error says the column and what was expected`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try tree(filter) }
        #expect(error?.description == message)
    }

    private static let noIdentifier =
        "column 15: 'LIKE' does not fit the number 'experiment_id'; it takes =, !=, IN, NOT IN"

    @Test func `an order is one of the language`() throws {
        let order = try LoggedModelSearch.nativeOrder([
            "metrics.train/loss DESC, creation_time", "attributes.status",
        ])
        #expect(
            order == [
                SearchOrder(.metric("train/loss"), isAscending: false), SearchOrder(.time(.creation)),
                SearchOrder(.text(.status)),
            ])
    }

    @Test(
        arguments: [
            ("params.a", "column 1: logged models are not ordered by their params and tags"),
            ("name, tags.a", "column 7: logged models are not ordered by their params and tags"),
            ("name UP", "column 6: ASC or DESC is expected after 'name', not 'UP'"),
            (
                "creation_time, creation_timestamp",
                "column 16: 'creation_timestamp' stands in the order already"
            ),
        ])
    func `an order that cannot be is refused`(clause: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try LoggedModelSearch.nativeOrder([clause]) }
        #expect(error?.description == message)
    }
}
