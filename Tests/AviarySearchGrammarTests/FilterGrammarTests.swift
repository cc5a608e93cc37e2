import AviarySearchGrammar
import Testing

/// The grammar itself, seen through filters of runs in the native dialect.
struct FilterGrammarTests {
    private func tree(_ filter: String) throws(SearchError) -> SearchTree<RunTest> {
        try RunSearch.filter(filter, dialect: .native, now: 0)
    }

    private func is1(_ tag: String) -> SearchTree<RunTest> {
        .test(.tag(tag, .text(.equal("1"))))
    }

    @Test(arguments: ["", "  ", "\n\t\u{A0}"])
    func `an empty filter fits everything`(filter: String) throws {
        let tree = try tree(filter)
        #expect(tree == .everything)
        #expect(tree.holds { _ in false })
    }

    @Test func `AND binds more closely than OR, and NOT most closely`() throws {
        let a = "tags.a = '1'"
        let b = "tags.b = '1'"
        let c = "tags.c = '1'"
        #expect(try tree("\(a) OR \(b) AND \(c)") == .any([is1("a"), .all([is1("b"), is1("c")])]))
        #expect(try tree("\(a) AND \(b) OR \(c)") == .any([.all([is1("a"), is1("b")]), is1("c")]))
        #expect(try tree("(\(a) OR \(b)) AND \(c)") == .all([.any([is1("a"), is1("b")]), is1("c")]))
        #expect(try tree("NOT \(a) AND \(b)") == .all([.not(is1("a")), is1("b")]))
        #expect(try tree("NOT (\(a) AND \(b))") == .not(.all([is1("a"), is1("b")])))
        #expect(try tree("NOT NOT \(a)") == .not(.not(is1("a"))))
        #expect(try tree("\(a) aNd \(b) and \(c)") == .all([is1("a"), is1("b"), is1("c")]))
        #expect(try tree("((\(a)))or nOt \(b)") == .any([is1("a"), .not(is1("b"))]))
    }

    @Test func `a question is answered from the answers of its tests`() throws {
        let tree = try tree("(tags.a = '1' OR tags.b = '1') AND NOT tags.c = '1'")
        #expect(tree.tests.count == 3)
        for bits in 0..<8 {
            let (a, b, c) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)
            let answers = ["a": a, "b": b, "c": c]
            let holds = tree.holds { test in
                guard case .tag(let key, _) = test, let answer = answers[key] else { return false }
                return answer
            }
            #expect(holds == ((a || b) && !c))
        }
    }

    @Test(
        arguments: [
            ("metrics.loss > 1", "loss"),
            ("metrics.train/loss>1", "train/loss"),
            ("metrics.top-1:a > 1", "top-1:a"),
            ("metrics.1st > 1", "1st"),
            ("metrics.a.b.c > 1", "a.b.c"),
            ("metrics.`a b` > 1", "a b"),
            ("metrics.\"a b\" > 1", "a b"),
            ("metric.\"a\"\"b\" > 1", "a\"b"),
            ("metric.`a``b` > 1", "a`b"),
            ("`metrics`.`x` > 1", "x"),
            ("metrics.'a ''b' > 1", "a 'b"),
            ("metrics.größe > 1", "größe"),
            ("metrics.精度 > 1", "精度"),
            ("metrics.and > 1", "and"),
        ])
    func `a key is bare, quoted or backticked`(filter: String, key: String) throws {
        #expect(try tree(filter) == .test(.metric(key, .compare(.greater, 1))))
    }

    @Test(
        arguments: [
            ("5", 5), ("-5", -5), (".5", 0.5), ("-.5", -0.5), ("5.", 5), ("1e-3", 0.001),
            ("1E+2", 100), ("9007199254740993", 9_007_199_254_740_992),
        ] as [(String, Double)])
    func `a number`(number: String, value: Double) throws {
        #expect(try tree("metrics.a=\(number)") == .test(.metric("a", .compare(.equal, value))))
    }

    @Test(
        arguments: [
            ("'it''s'", "it's"), ("\"it's\"", "it's"), ("\"a\"\"b\"", "a\"b"), ("''", ""), ("''''", "'"),
            ("'\\d'", "\\d"), ("'a;b'", "a;b"), ("'AND'", "AND"), ("'( \"'", "( \""),
        ])
    func `a text in quotes`(text: String, value: String) throws {
        #expect(try tree("tags.a = \(text)") == .test(.tag("a", .text(.equal(value)))))
    }

    @Test(arguments: noFilters)
    func `an error says the column and what was expected`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try tree(filter) }
        #expect(error?.description == message)
    }

    private static let noFilters: [(String, String)] = [
        ("metrics.acc >", "column 14: a value is expected after '>'"),
        ("metrics.acc > ", "column 14: a value is expected after '>'"),
        ("metrics.acc > AND", "column 15: a value is expected after '>', not 'AND'"),
        ("metrics.acc", "column 12: an operator is expected after 'metrics.acc'"),
        ("metrics.acc acc", "column 13: an operator is expected after 'metrics.acc', not 'acc'"),
        ("metrics.acc = true", "column 15: a value is expected after '=', not 'true'"),
        ("metrics.acc IS 5", "column 16: NULL or NOT NULL is expected after 'IS', not '5'"),
        ("metrics.acc IS NOT", "column 19: NULL is expected after 'NOT'"),
        ("metrics.acc NOT 5", "column 17: LIKE, ILIKE or IN is expected after 'NOT', not '5'"),
        ("tags.a IN 'x'", "column 11: a list in parentheses is expected after 'IN', not ''x''"),
        ("tags.a IN ()", "column 12: a value is expected after '(', not ')'"),
        ("tags.a IN ('x' 'y')", "column 16: ',' or ')' is expected after ''x'', not ''y''"),
        ("tags.a IN ('x'", "column 15: ',' or ')' is expected after ''x''"),
        ("tags.a IN ('x', =)", "column 17: a value is expected after ',', not '='"),
        ("AND tags.a = '1'", "column 1: a key is expected, not 'AND'"),
        ("tags.a = '1' AND", "column 17: a key is expected after 'AND'"),
        ("tags.a = '1' XOR", "column 14: AND or OR is expected after ''1'', not 'XOR'"),
        ("(tags.a = '1'", "column 14: AND, OR or ')' is expected after ''1''"),
        ("tags.a = '1')", "column 13: AND or OR is expected after ''1'', not ')'"),
        ("()", "column 2: a key is expected after '(', not ')'"),
        ("NOT", "column 4: a key is expected after 'NOT'"),
        ("1 = 1", "column 1: a key is expected, not '1'"),
        ("tags.a = 'x", "column 10: the quote ' is not closed"),
        ("tags.`a = 'x'", "column 1: the quote ` is not closed"),
        ("tags. = 'x'", "column 1: a key is expected after 'tags.'"),
        ("tags.`` = 'x'", "column 1: a key is expected between the quotes"),
        ("tags.a = 'x'; tags.b = 'y'", "column 13: AND or OR is expected after ''x'', not ';'"),
        ("tags.a = $x", "column 10: '$' means nothing here"),
        ("metrics.a > 12abc", "column 13: '12abc' is neither a number nor a duration such as 90s or 2h"),
        ("metrics.a > - 1", "column 13: a value is expected after '>', not '-'"),
        ("start_time > now(", "column 18: ')' is expected after '('"),
        ("start_time > now() - 5", "column 22: a duration such as 2h is expected after '-', not '5'"),
        ("duration > 99999999w", "column 12: '99999999w' is longer than 10000 years"),
        ("tags.ü = 'é', x", "column 13: AND or OR is expected after ''é'', not ','"),
        ("metrics.a > +1", "column 13: a value is expected after '>', not '+'"),
        ("\"metrics\".x > 1", "column 10: '.' means nothing here"),
    ]

    @Test func `a column counts characters, however many scalars they have`() {
        let error = #expect(throws: SearchError.self) { _ = try tree("tags.a = '👩‍👩‍👧e\u{301}' ?") }
        #expect(error?.column == 15)
    }

    @Test func `what an error shows is short`() {
        let long = String(repeating: "x", count: 1000)
        let error = #expect(throws: SearchError.self) { _ = try tree("tags.a \(long)") }
        let shown = String(repeating: "x", count: 40)
        #expect(
            error?.description == "column 8: an operator is expected after 'tags.a', not '\(shown)…'")
    }
}
