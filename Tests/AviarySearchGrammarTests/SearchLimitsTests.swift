import AviarySearchGrammar
import Testing

struct SearchLimitsTests {
    private func message(_ filter: String, _ dialect: SearchDialect) -> String? {
        do {
            _ = try RunSearch.filter(filter, dialect: dialect, now: 0)
            return nil
        } catch {
            return error.message
        }
    }

    private func terms(_ count: Int) -> String {
        (0..<count).map { "metrics.m\($0) > \($0)" }.joined(separator: " AND ")
    }

    /// A filter of exactly so many bytes.
    private func filter(bytes: Int) -> String {
        let beginning = "tags.a = '"
        return beginning + String(repeating: "x", count: bytes - beginning.utf8.count - 1) + "'"
    }

    private func nested(_ depth: Int, opening: String, closing: String) -> String {
        String(repeating: opening, count: depth) + "tags.a = '1'" + String(repeating: closing, count: depth)
    }

    @Test(arguments: SearchDialect.allCases)
    func `200 comparisons are taken and 201 are not`(dialect: SearchDialect) throws {
        let tree = try RunSearch.filter(terms(200), dialect: dialect, now: 0)
        #expect(tree.tests.count == 200)
        #expect(message(terms(201), dialect) == "the filter has more than 200 comparisons")
    }

    @Test(arguments: SearchDialect.allCases)
    func `16 KiB are taken and a byte more is not`(dialect: SearchDialect) {
        #expect(message(filter(bytes: 16_384), dialect) == nil)
        let problem = "the filter has 16385 bytes; at most 16384 are taken"
        #expect(message(filter(bytes: 16_385), dialect) == problem)
    }

    @Test(arguments: SearchDialect.allCases)
    func `64 levels are taken and 65 are not`(dialect: SearchDialect) {
        let problem = "parentheses and NOT are nested more than 64 deep"
        for (opening, closing) in [("(", ")"), ("NOT ", ""), ("NOT (", ")")] {
            let levels = opening == "NOT (" ? 2 : 1
            let deepest = nested(64 / levels, opening: opening, closing: closing)
            #expect(message(deepest, dialect) == nil)
            #expect(message("(\(deepest))", dialect) == problem)
        }
    }

    @Test func `depth is counted where it is, not over the whole filter`() {
        let deep = nested(64, opening: "(", closing: ")")
        #expect(message("\(deep) AND \(deep) OR \(deep)", .native) == nil)
    }

    @Test(
        arguments: [
            String(repeating: "(", count: 16_384), String(repeating: "NOT ", count: 4096),
            String(repeating: "a ", count: 8192), String(repeating: "a=1 or ", count: 2340),
            "a in (" + String(repeating: "1,", count: 8188), String(repeating: "'", count: 16_383),
            String(repeating: "=", count: 16_384), String(repeating: "1", count: 16_384),
            String(repeating: "a.", count: 8192), String(repeating: "`a`", count: 5461),
            "a='" + String(repeating: "e\u{301}", count: 5400), String(repeating: "\u{301}", count: 8192),
        ])
    func `a large filter is answered or refused in a moment`(filter: String) {
        let clock = ContinuousClock()
        for dialect in SearchDialect.allCases {
            let time = clock.measure { _ = message(filter, dialect) }
            // What is asked for is 100 ms; on a busy machine the measure itself may have to wait.
            #expect(time < .seconds(1))
        }
        #expect(message(filter, .native) != nil)
    }

    @Test(
        arguments: [
            ("", false),
            (String(repeating: "metrics.m > 1 AND ", count: 19) + "params.p = 'x'", false),
            (String(repeating: "metrics.m > 1 AND ", count: 20) + "params.p = 'x'", true),
            (
                "run_id IN (" + (100..<400).map { "'run-number-\($0)-of-them'" }.joined(separator: ",") + ")",
                false
            ),
            (
                "run_id IN (" + (100..<600).map { "'run-number-\($0)-of-them'" }.joined(separator: ",") + ")",
                true
            ),
            ("tags.a = '" + String(repeating: "x", count: 16_000) + "'", false),
            ("tags.a LIKE '%x%' AND tags.b LIKE '%x%' AND tags.c ILIKE '%x%' AND tags.d LIKE 'x%'", false),
            ("tags.a LIKE '" + String(repeating: "%x", count: 1000) + "'", true),
            ("run_name =~ '^resnet(18|50)-\\d+$' AND params.p !~ '^sgd|adam$'", false),
            ("params.p =~ '^([0-9]?){900}x$'", true),
            (
                String(repeating: "NOT ", count: 60) + "("
                    + (0..<20).map { "params.p\($0) =~ '(a|b)*x$'" }.joined(separator: " OR ") + ")", true
            ),
            (String(repeating: "NOT ", count: 19) + "metrics.m > 1", false),
            (String(repeating: "NOT ", count: 20) + "metrics.m > 1", true),
            (String(repeating: "(", count: 60) + "metrics.m > 1" + String(repeating: ")", count: 60), false),
            ((0..<10).map { "NOT metrics.m\($0) > 1" }.joined(separator: " AND "), false),
            ((0..<11).map { "NOT metrics.m\($0) > 1" }.joined(separator: " AND "), true),
        ])
    func `a filter is large by the work that it asks for`(filter: String, isLarge: Bool) throws {
        #expect(try RunSearch.filter(filter, dialect: .native, now: 0).isLarge == isLarge)
    }

    @Test func `an order is bounded too`() {
        let clauses = (0..<65).map { "metrics.m\($0)" }
        var error = #expect(throws: SearchError.self) { _ = try RunSearch.order(clauses, dialect: .mlflow) }
        #expect(error?.message == "order_by has 65 clauses; at most 64 are taken")
        let long = "metrics." + String(repeating: "a", count: 16_384)
        error = #expect(throws: SearchError.self) { _ = try RunSearch.order([long], dialect: .native) }
        #expect(error?.message == "order_by has 16392 bytes; at most 16384 are taken")
        error = #expect(throws: SearchError.self) { _ = try LoggedModelSearch.orderField(long) }
        #expect(error?.message == "field_name has 16392 bytes; at most 16384 are taken")
    }
}
