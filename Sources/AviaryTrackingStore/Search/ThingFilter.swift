import AviarySearchGrammar
import GRDB

/// What a test asks of a table: the numbers of the things that fit it.
enum ThingTest {
    /// A query of the numbers of those that fit, of which one may stand there several times.
    case fits(SQL)
    /// A query of the numbers of those that do not.
    case failsFor(SQL)

    /// A test of what a table with a key and a value a row says of things, whose number is the column `owner`.
    ///
    /// `test` is the condition on a value that is there; `nil` fits what has none.
    static func pair(_ table: String, of owner: String, _ key: String, _ test: SQL?) -> ThingTest {
        let known: SQL = "SELECT \(sql: owner) FROM \(sql: table) WHERE key = \(key)"
        guard let test else { return .failsFor(known) }
        return .fits("\(known) AND \(test)")
    }
}

extension ValueTest {
    /// The condition on a value that is there; `nil` if it asks for none.
    func condition(ifThere value: SQL) -> SQL? {
        isForMissing ? nil : condition(on: value)
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
            }
        }
        guard found.count < numbers.count else { return "1" }
        // One value to bind, however many they are.
        let list = "[\(found.slots.map { String(numbers[Int($0)]) }.joined(separator: ","))]"
        return "\(number) IN (SELECT value FROM json_each(\(list)))"
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
