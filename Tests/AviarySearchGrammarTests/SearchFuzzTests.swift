import AviaryFuzzing
import AviarySearchGrammar
import Testing

/// Whatever is given, there is an answer or a `SearchError`: nothing traps, nothing takes long.
struct SearchFuzzTests {
    private static let filters = [
        "metrics.loss > 0.5 AND params.model = 'LR' or not (tags.`a b` LIKE '%x_' and run_id IN ('a', 'b'))",
        "attributes.start_time > now() - 2h AND duration >= 15m AND end_time IS NOT NULL",
        "params.lr <= 1e-3 OR params.\"learning-rate\" != .5 OR dataset.name NOT IN (\"mnist\", 'cifar')",
        "tags.note =~ '^(a|b[^c-e]\\d{2,5})*$' AND run_name !~ 'x+?' AND user_id NOT ILIKE 'ä%'",
        "name ILIKE 'vision%' AND tag.`mlflow.prompt.is_prompt` != 'true'",
        "version_number >= 3 AND source_path LIKE 's3:%' AND tags.stage = 'a''b'",
        "attributes.creation_time > 5 AND metrics.train/loss < -1.5 AND status = 2",
        "creation_time > '2026-03-01T12:00:00.5+01:00' AND experiment_id IN ('1', '22')",
    ]
    private static let orders = ["metrics.loss DESC", "params.`a b` asc", "start_time", "\"run_name\" ASC"]
    private static let mutation = Mutation(pieces: [
        "(", ")", "NOT ", " AND ", " OR ", " IN ", "IS NULL", "'", "\"", "`", ";", ",", ".", "-", "now()",
        "2h", "=~",
        "!~", "%", "\\", "[", "{2,3}", "*", "\u{0}", "é", "e\u{301}", "😀", "\u{202E}", "٣", "1e999", "\n",
    ])

    private static func mutated(_ text: String, _ random: inout SeededRandom) -> String {
        String(decoding: mutation.mutated(Array(text.utf8), &random), as: UTF8.self)
    }

    private static func noise(_ random: inout SeededRandom) -> String {
        String(decoding: mutation.noise(&random), as: UTF8.self)
    }

    /// Asks every reader; how many took the text.
    private static func takers(_ text: String, _ seed: UInt64 = 0) -> Int {
        var takerCount = 0
        func ask(_ read: () throws(SearchError) -> Void, isNative: Bool = false) {
            do {
                try read()
                takerCount += 1
            } catch {
                // Columns are of the native dialect, and lie in the text or just behind it.
                let isPlaced = error.column.map { isNative && (1...text.count + 1).contains($0) } ?? true
                if error.message.isEmpty || !isPlaced {
                    Issue.record("seed \(seed): \(text.debugDescription): \(error)")
                }
            }
        }
        func askAll<Kind: ClauseOrderedKind>(_ kind: Kind.Type, _ dialect: SearchDialect) {
            let isNative = dialect == .native
            ask(
                { () throws(SearchError) in
                    _ = try kind.filter(text, dialect: dialect, now: 5)
                }, isNative: isNative)
            ask(
                { () throws(SearchError) in _ = try kind.order([text], dialect: dialect) }, isNative: isNative
            )
        }
        for dialect in SearchDialect.allCases {
            askAll(RunSearch.self, dialect)
            askAll(ExperimentSearch.self, dialect)
            askAll(RegisteredModelSearch.self, dialect)
            askAll(ModelVersionSearch.self, dialect)
            ask(
                { () throws(SearchError) in
                    _ = try LoggedModelSearch.filter(text, dialect: dialect, now: 5)
                }, isNative: dialect == .native)
        }
        ask({ () throws(SearchError) in _ = try LoggedModelSearch.orderField(text) })
        ask(
            { () throws(SearchError) in _ = try LoggedModelSearch.nativeOrder([text, "name"]) },
            isNative: true)
        return takerCount
    }

    @Test func `every good text is taken by some reader`() {
        for text in Self.filters + Self.orders { #expect(Self.takers(text) > 0, "\(text)") }
    }

    @Test func `mutated filters and orders are taken or refused`() {
        var (takenCount, roundCount) = (0, 0)
        let slowest = Fuzzing.rounds(10_000, from: 1) { seed, random in
            let text = Self.mutated(random.one(of: Self.filters + Self.orders), &random)
            takenCount += Self.takers(text, seed) > 0 ? 1 : 0
            roundCount += 1
            Self.expectRoundTrips(text, seed)
        }
        // Neither is every mutation harmless nor every one fatal.
        #expect((roundCount / 50...roundCount * 49 / 50).contains(takenCount))
        #expect(slowest < .seconds(5))
    }

    @Test func `noise is taken or refused`() {
        let slowest = Fuzzing.rounds(4000, from: 2) { seed, random in
            _ = Self.takers(Self.noise(&random), seed)
        }
        #expect(slowest < .seconds(5))
    }

    @Test func `large texts are taken or refused as well`() {
        let slowest = Fuzzing.rounds(60, from: 3) { seed, random in
            let text = Self.mutated(random.one(of: Self.filters), &random)
            let count = SearchLimits.bytes / max(text.utf8.count, 1)
            let joint = random.one(of: [" AND ", " or not ", ") OR (", "", "'", "("])
            _ = Self.takers(Array(repeating: text, count: count).joined(separator: joint), seed)
        }
        #expect(slowest < .seconds(5))
    }

    @Test func `mutated patterns are read or refused, and those that are read answer`() {
        let sources = [
            "^(a|b[^c-e]\\d{2,5})*$", "x+?[]a-](?:ab|)\\w\\.{3}", "((a*)*b{1,20}){2,9}|[^\\s\\d-]",
        ]
        let slowest = Fuzzing.rounds(4000, from: 4) { seed, random in
            let source = Self.mutated(random.one(of: sources), &random)
            do throws(SearchPatternError) {
                let pattern = try SearchPattern(source)
                let matcher = pattern.matcher()
                for _ in 0..<3 {
                    let text = Self.noise(&random)
                    let answer = pattern.matches(text)
                    // What the matcher keeps of one text says nothing of the next.
                    if matcher.matches(text, check: {}) != answer {
                        Issue.record("seed \(seed): \(source.debugDescription) of \(text.debugDescription)")
                    }
                }
            } catch {
                guard !(1...source.unicodeScalars.count + 1).contains(error.position) else { return }
                Issue.record("seed \(seed): \(source.debugDescription): \(error)")
            }
        }
        #expect(slowest < .seconds(5))
    }

    /// A filter that is taken means the same in parentheses, and the opposite behind NOT.
    private static func expectRoundTrips(_ text: String, _ seed: UInt64) {
        guard let tree = native(text), tree != .everything else { return }
        // One that is as large or as deep as can be has no room for more.
        let isSame = native("(\(text))").map { $0 == tree } ?? isAtLimit("(\(text))")
        let isOpposite = native("NOT (\(text))").map { $0 == .not(tree) } ?? isAtLimit("NOT (\(text))")
        if !isSame || !isOpposite { Issue.record("seed \(seed): \(text.debugDescription) in parentheses") }
    }

    private static func native(_ text: String) -> SearchTree<RunTest>? {
        try? RunSearch.filter(text, dialect: .native, now: 5)
    }

    private static func isAtLimit(_ text: String) -> Bool {
        do {
            _ = try RunSearch.filter(text, dialect: .native, now: 5)
            return false
        } catch {
            return error.message.contains("at most") || error.message.contains("deep")
        }
    }
}
