import AviarySearchGrammar
import GRDB

/// Reads one value of every run, or of those that changed.
struct RunColumnQuery<Name: RunColumnName> {
    let name: Name
    let slots: RunSlots
    /// What the texts of one name may take in memory.
    let textByteLimit: Int
    let db: Database

    func column() throws -> Name.Column {
        var column = Name.Column()
        try column.take(rows(since: nil))
        return column
    }

    /// The column with the values that runs have now which changed after a revision.
    func updated(_ column: Name.Column, since revision: Int64) throws -> Name.Column {
        let changed = try changedSlots(since: revision)
        guard !changed.isEmpty else { return column }
        guard changed.count <= RunSlotsQuery.limit(of: slots),
            !column.isWorn(afterChanges: changed.count, slotCount: slots.count)
        else { return try self.column() }
        var column = column
        column.forget(changed, slotCount: slots.count)
        try column.take(rows(since: revision))
        return column
    }

    private func rows(since revision: Int64?) -> RunColumnRows {
        RunColumnRows(
            source: name.source, revision: revision, slots: slots, textByteLimit: textByteLimit, db: db)
    }

    private func changedSlots(since revision: Int64) throws -> [Int] {
        let statement = try db.cachedStatement(
            sql: "SELECT id FROM run INDEXED BY run_by_revision WHERE revision > ? LIMIT ?")
        let limit = RunSlotsQuery.limit(of: slots) + 1
        return try Int64.fetchAll(statement, arguments: [revision, limit]).compactMap { slots.slot(of: $0) }
    }
}

/// The values of runs as a statement answers them.
struct RunColumnRows {
    let source: RunColumnSource
    /// Only runs that changed after it; `nil` is all.
    let revision: Int64?
    let slots: RunSlots
    /// What texts may take that are kept.
    var textByteLimit = Int.max
    let db: Database

    func integers(_ body: (_ slot: Int, _ value: Int64) throws -> Void) throws {
        try StatementRows.integers(statement(inOrder: false), arguments, columnCount: 2, db) { row in
            guard let slot = slots.slot(of: row[0]) else { return }
            try body(slot, row[1])
        }
    }

    /// Until `body` returns `false`; in the order of the texts' bytes if that is asked for.
    func texts(
        inOrder: Bool = false, _ body: (_ slot: Int, _ text: UnsafeBufferPointer<UInt8>) throws -> Bool
    ) throws {
        try StatementRows.texts(statement(inOrder: inOrder), arguments, db) { run, text in
            guard let slot = slots.slot(of: run) else { return true }
            return try body(slot, text)
        }
    }

    private func statement(inOrder: Bool) throws -> Statement {
        let sql = revision == nil ? source.all : source.changed
        return try db.cachedStatement(sql: inOrder ? "\(sql) ORDER BY 2" : sql)
    }

    private var arguments: StatementArguments {
        StatementArguments([source.key?.databaseValue, revision?.databaseValue].compactMap { $0 })
    }
}
