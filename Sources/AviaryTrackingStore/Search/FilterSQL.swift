import AviarySearchGrammar
import GRDB

/// A filter as a condition in SQL, with what is worked out before it.
///
/// SQLite's parser has a stack of a hundred places, of which each level of a condition takes three, and "parser stack
/// overflow" is all it says beyond. Hence a part that is nested deeper is found by itself first, and the condition asks
/// whether the thing is among what it found.
struct FilterSQL {
    private static let levelLimit = 12

    /// Each as `part0 AS MATERIALIZED (…), `, in the order in which they lean on each other.
    private(set) var parts: SQL = ""
    private(set) var condition: SQL = "1"
    private var partCount = 0
    private let id: SQL
    private let scope: SQL

    /// - Parameters:
    ///   - tree: The filter.
    ///   - id: The column with the number of what is searched.
    ///   - scope: `FROM` the tables `WHERE` something, to which a condition is added.
    ///   - test: The condition of a test, which must never be NULL.
    init<Test>(_ tree: SearchTree<Test>, id: SQL, scope: SQL, test: (Test) -> SQL) {
        self.id = id
        self.scope = scope
        condition = self.condition(of: tree, test).sql
    }

    private typealias Levelled = (sql: SQL, levels: Int)

    private mutating func condition<Test>(of tree: SearchTree<Test>, _ test: (Test) -> SQL) -> Levelled {
        switch tree {
        case .test(let leaf):
            return ("(\(test(leaf)))", 1)
        case .not(let part):
            let inner = nested(part, test)
            return ("(NOT \(inner.sql))", inner.levels + 1)
        case .all(let parts):
            return joined(parts, " AND ", ifNone: "1", test)
        case .any(let parts):
            return joined(parts, " OR ", ifNone: "0", test)
        }
    }

    private mutating func joined<Test>(
        _ trees: [SearchTree<Test>], _ separator: String, ifNone: SQL, _ test: (Test) -> SQL
    ) -> Levelled {
        guard !trees.isEmpty else { return (ifNone, 1) }
        var conditions: [SQL] = []
        var levels = 0
        for tree in trees {
            let inner = nested(tree, test)
            conditions.append(inner.sql)
            levels = max(levels, inner.levels)
        }
        return ("(\(conditions.joined(separator: separator)))", levels + 1)
    }

    private mutating func nested<Test>(_ tree: SearchTree<Test>, _ test: (Test) -> SQL) -> Levelled {
        let inner = condition(of: tree, test)
        guard inner.levels >= Self.levelLimit else { return inner }
        let name = SQL(sql: "part\(partCount)")
        partCount += 1
        parts = "\(parts)\(name) AS MATERIALIZED (SELECT \(id) AS id \(scope) AND \(inner.sql)), "
        return ("\(id) IN (SELECT id FROM \(name))", 1)
    }
}
