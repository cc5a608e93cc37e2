import AviarySearchGrammar
import GRDB

/// What a test asks of a table: the numbers of the things that fit it.
enum ThingTest {
    /// A query of the numbers of those that fit, of which one may stand there several times.
    case fits(SQL)
    /// A query of the numbers of those that do not.
    case failsFor(SQL)
    /// A query of numbers and texts, to be held against a test here: SQLite looks at no clock before a text is done, and
    /// a pattern may go over a megabyte of it.
    case fitsText(SQL, TextTest)

    /// A test of a text that each of some rows has where `isThere` says so; `number` is the thing's in a row.
    static func text(
        _ text: SQL, of number: SQL, in rows: SQL, where isThere: SQL = "1", _ test: TextTest
    ) -> ThingTest {
        guard test.goesOverText else {
            return .fits("SELECT \(number) FROM \(rows) WHERE \(test.condition(on: text, where: isThere))")
        }
        return .fitsText("SELECT \(number), \(text) FROM \(rows) WHERE \(isThere)", test)
    }

    /// A test of what a table with a key and a value a row says of things, whose number is the column `owner`.
    static func pair(_ table: String, of owner: String, _ key: String, _ test: ValueTest) -> ThingTest {
        let owner = SQL(sql: owner)
        let known: SQL = "FROM \(sql: table) WHERE key = \(key)"
        switch test {
        case .text(.missing): return .failsFor("SELECT \(owner) \(known)")
        case .text(let test) where test.goesOverText:
            return .fitsText("SELECT \(owner), value \(known)", test)
        default: return .fits("SELECT \(owner) \(known) AND \(test.condition(on: "value"))")
        }
    }
}

extension TextTest {
    /// Whether it is held against every place of a text.
    fileprivate var goesOverText: Bool {
        switch self {
        case .like, .notLike, .matches, .notMatches: true
        case .equal, .notEqual, .among, .notAmong, .present, .missing: false
        }
    }
}

/// Finds the things of a table that fit a filter, a test at a time.
///
/// Hence a test is looked at once instead of once for each thing, and a filter is no statement with as many subqueries as
/// it has tests, nested as deeply as it is.
struct ThingFilter<Test: SearchTest> {
    private let numbers: SlotNumbers
    private let deadline: Deadline
    private let db: Database
    private let question: (Test) -> ThingTest

    /// Reads the numbers of all things among which is searched, of which `scope` is the query.
    init(
        among scope: SQL, _ deadline: Deadline, _ db: Database, question: @escaping (Test) -> ThingTest
    ) throws {
        var numbers = SlotNumbers()
        for number in try SQLRequest<Int64>(literal: scope).fetchAll(db).sorted() { numbers.append(number) }
        (self.numbers, self.deadline, self.db, self.question) = (numbers, deadline, db, question)
    }

    /// The condition that a number is one of those that fit.
    func condition(on number: SQL, _ tree: SearchTree<Test>) throws -> SQL {
        let all = SlotSet(slotCount: numbers.count, all: true)
        let found = try tree.slots(among: all) { test, candidates in
            try deadline.check()
            switch question(test) {
            case .fits(let query): return try candidates.intersection(slots(query))
            case .failsFor(let query): return try candidates.subtracting(slots(query))
            case .fitsText(let query, let test): return try slots(query, fitting: test, among: candidates)
            }
        }
        guard found.count < numbers.count else { return "1" }
        // One value to bind, however many they are.
        let list = "[\(found.slots.map { String(numbers[Int($0)]) }.joined(separator: ","))]"
        return "\(number) IN (SELECT value FROM json_each(\(list)))"
    }

    private func slots(
        _ query: SQL, fitting test: TextTest, among candidates: SlotSet
    ) throws -> SlotSet {
        let matcher = TextMatcher(test)
        var found = SlotSet(slotCount: numbers.count)
        let cursor = try SQLRequest<Row>(literal: query).fetchCursor(db)
        while let row = try cursor.next() {
            guard let slot = numbers.slot(of: row[0]), candidates.contains(slot) else { continue }
            let text: String = row[1]
            if try matcher.fits(Array(text.utf8)[...], deadline) { found.insert(slot) }
        }
        return found
    }

    private func slots(_ query: SQL) throws -> SlotSet {
        var found = SlotSet(slotCount: numbers.count)
        let cursor = try SQLRequest<Int64>(literal: query).fetchCursor(db)
        while let number = try cursor.next() {
            if let slot = numbers.slot(of: number) { found.insert(slot) }
        }
        return found
    }
}

extension SearchTree {
    /// Those of some slots that fit, if `fitting` says which of some fit a test; nobody is asked for nothing.
    func slots(
        among candidates: SlotSet, _ fitting: (Test, SlotSet) throws -> SlotSet
    ) rethrows -> SlotSet {
        guard !candidates.isEmpty else { return candidates }
        switch self {
        case .test(let test): return try fitting(test, candidates)
        case .not(let part): return candidates.subtracting(try part.slots(among: candidates, fitting))
        case .all(let parts):
            return try parts.reduce(candidates) { try $1.slots(among: $0, fitting) }
        case .any(let parts):
            var rest = candidates
            for part in parts { rest.subtract(try part.slots(among: rest, fitting)) }
            return candidates.subtracting(rest)
        }
    }
}
