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
    private static let pieces = [
        "(", ")", "NOT ", " AND ", " OR ", " IN ", "IS NULL", "'", "\"", "`", ";", ",", ".", "-", "now()",
        "2h",
        "=~", "!~", "%", "\\", "[", "{2,3}", "*", "\u{0}", "é", "e\u{301}", "😀", "\u{202E}", "٣", "1e999",
        "\n",
    ]

    private static func mutated(_ text: String, _ random: inout SeededRandom) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                let piece = pieces.randomElement(using: &random) ?? ""
                bytes.insert(contentsOf: Array(piece.utf8), at: place)
            case 1 where place < bytes.count:
                bytes.remove(at: place)
            case 2 where place < bytes.count:
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 3:
                let end = min(bytes.count, place + Int.random(in: 0...20, using: &random))
                bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            default:
                bytes.removeSubrange(place..<min(bytes.count, place + 3))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func noise(_ random: inout SeededRandom) -> String {
        let count = Int.random(in: 0...60, using: &random)
        if Bool.random(using: &random) {
            return (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        }
        return String(
            decoding: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }, as: UTF8.self)
    }

    /// Asks every reader; how many took the text.
    private static func takers(_ text: String) -> Int {
        var takerCount = 0
        func ask(_ read: () throws(SearchError) -> Void, isNative: Bool = false) {
            do {
                try read()
                takerCount += 1
            } catch {
                // Columns are of the native dialect, and lie in the text or just behind it.
                let isPlaced = error.column.map { isNative && (1...text.count + 1).contains($0) } ?? true
                if error.message.isEmpty || !isPlaced { Issue.record("\(text.debugDescription): \(error)") }
            }
        }
        for dialect in SearchDialect.allCases {
            let isNative = dialect == .native
            ask(
                { () throws(SearchError) in
                    _ = try RunSearch.filter(text, dialect: dialect, now: 5)
                }, isNative: isNative)
            ask(
                { () throws(SearchError) in
                    _ = try ExperimentSearch.filter(text, dialect: dialect, now: 5)
                }, isNative: isNative)
            ask(
                { () throws(SearchError) in
                    _ = try RunSearch.order([text, "run_id"], dialect: dialect)
                }, isNative: isNative)
            ask(
                { () throws(SearchError) in
                    _ = try ExperimentSearch.order([text], dialect: dialect)
                }, isNative: isNative)
        }
        ask({ () throws(SearchError) in _ = try RegisteredModelSearch.filter(text) })
        ask({ () throws(SearchError) in _ = try RegisteredModelSearch.order([text]) })
        ask({ () throws(SearchError) in _ = try ModelVersionSearch.filter(text) })
        ask({ () throws(SearchError) in _ = try ModelVersionSearch.order([text]) })
        ask({ () throws(SearchError) in _ = try LoggedModelSearch.filter(text) })
        ask({ () throws(SearchError) in _ = try LoggedModelSearch.orderField(text) })
        return takerCount
    }

    @Test func `every good text is taken by some reader`() {
        for text in Self.filters + Self.orders { #expect(Self.takers(text) > 0, "\(text)") }
    }

    @Test(arguments: 1...8)
    func `mutated filters and orders are taken or refused`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var takenCount = 0
        for _ in 0..<2000 {
            let original = (Self.filters + Self.orders).randomElement(using: &random) ?? ""
            takenCount += Self.takers(Self.mutated(original, &random)) > 0 ? 1 : 0
        }
        // Neither is every mutation harmless nor every one fatal.
        #expect((50...1950).contains(takenCount))
    }

    @Test(arguments: 11...14)
    func `noise is taken or refused`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<1000 { _ = Self.takers(Self.noise(&random)) }
    }

    @Test(arguments: 21...24)
    func `mutated patterns are read or refused, and those that are read answer`(seed: UInt64) {
        let sources = [
            "^(a|b[^c-e]\\d{2,5})*$", "x+?[]a-](?:ab|)\\w\\.{3}", "((a*)*b{1,20}){2,9}|[^\\s\\d-]",
        ]
        var random = SeededRandom(seed: seed)
        for _ in 0..<1000 {
            let source = Self.mutated(sources.randomElement(using: &random) ?? "", &random)
            do {
                let pattern = try SearchPattern(source)
                _ = pattern.matches(Self.noise(&random))
            } catch {
                #expect((1...source.unicodeScalars.count + 1).contains(error.position))
            }
        }
    }
}
