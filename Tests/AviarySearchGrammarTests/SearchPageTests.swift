import AviarySearchGrammar
import Foundation
import Testing

/// `docs/search.md` says what the language is: its examples, refusals, names and limits are those that there are.
struct SearchPageTests {
    private static let page: String = {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let path = tests.deletingLastPathComponent().appendingPathComponent("docs/search.md")
        return (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    }()

    /// The lines of all blocks of a kind.
    private static func lines(of kind: String) -> [String] {
        var lines: [String] = []
        var isInside = false
        for line in page.split(separator: "\n").map({ $0.drop { $0 == " " } }) {
            if line.hasPrefix("```") {
                isInside = line == "```\(kind)"
            } else if isInside {
                lines.append(String(line))
            }
        }
        return lines
    }

    @Test func `every filter is taken, and every order`() throws {
        let filters = Self.lines(of: "filter")
        #expect(filters.count >= 15)
        for filter in filters {
            #expect(try RunSearch.filter(filter, dialect: .native, now: 0) != .everything, "\(filter)")
        }
        let orders = Self.lines(of: "order")
        #expect(orders.count >= 3)
        for order in orders {
            #expect(try !RunSearch.order([order], dialect: .native).isEmpty, "\(order)")
        }
    }

    @Test func `every filter of other things is taken`() throws {
        try Self.expectTaken("experiment-filter", ExperimentSearch.self)
        try Self.expectTaken("logged-model-filter", LoggedModelSearch.self)
        try Self.expectTaken("registered-model-filter", RegisteredModelSearch.self)
        try Self.expectTaken("model-version-filter", ModelVersionSearch.self)
    }

    private static func expectTaken<Kind: SearchKind>(_ block: String, _ kind: Kind.Type) throws {
        let filters = lines(of: block)
        #expect(filters.count >= 3, "\(block)")
        for filter in filters { _ = try kind.filter(filter, dialect: .native, now: 0) }
    }

    /// The table names all that a refusal does.
    @Test func `names of other things are those that there are`() {
        Self.expectNamed("experiments", ExperimentSearch.self)
        Self.expectNamed("logged models", LoggedModelSearch.self)
        Self.expectNamed("registered models", RegisteredModelSearch.self)
        Self.expectNamed("model versions", ModelVersionSearch.self)
    }

    private static func expectNamed<Kind: SearchKind>(_ list: String, _ kind: Kind.Type) {
        let row = page.split(separator: "\n").first { $0.hasPrefix("| \(list) |") } ?? ""
        let told = row.matches(of: /`([a-z_]+)`/).map { String($0.1) }
        let error = #expect(throws: SearchError.self) {
            _ = try kind.filter("nothing = 1", dialect: .native, now: 0)
        }
        let known = error?.message.split(separator: "; ")[1].dropFirst("there are ".count) ?? ""
        #expect(told.sorted() == known.split(separator: ", ").map { String($0) }.sorted(), "\(list)")
    }

    @Test func `every refusal is the one that is told`() throws {
        let rows = Self.page.split(separator: "\n").filter { $0.contains(" | column ") }
        #expect(rows.count >= 6)
        for row in rows {
            let cells = row.split(separator: " | ", maxSplits: 1)
            let filter = cells[0].drop { $0 != "`" }.dropFirst().dropLast()
            let error = #expect(throws: SearchError.self) {
                _ = try RunSearch.filter(String(filter), dialect: .native, now: 0)
            }
            #expect(error?.description == String(cells[1].dropLast(2)), "\(filter)")
        }
    }

    @Test func `names and limits are those that there are`() {
        let names =
            RunText.allCases.map(\.rawValue) + RunTime.allCases.map(\.rawValue) + ["created", "duration"]
        for name in names + DatasetText.allCases.map({ "dataset.\($0.rawValue)" }) {
            #expect(Self.page.contains("`\(name)`"), "\(name)")
        }
        for limit in [
            "at most \(SearchLimits.bytes) bytes and \(SearchLimits.comparisons) comparisons",
            "`NOT` at most \(SearchLimits.depth) deep", "at most \(SearchLimits.orderClauses)\n  keys",
            "at most \(SearchPattern.stateLimit) states",
            "more than \(SearchLimits.ordinaryWeight / SearchWeight.comparison) comparisons",
            "`LIKE` counts as \(SearchWeight.like / SearchWeight.comparison) of them",
            "pattern as \(SearchWeight.pattern / SearchWeight.comparison)",
            "a `NOT` as \(SearchWeight.not / SearchWeight.comparison)",
            "every \(SearchWeight.comparison * SearchWeight.bytesOfList) bytes",
        ] {
            #expect(Self.page.contains(limit), "\(limit)")
        }
    }
}
