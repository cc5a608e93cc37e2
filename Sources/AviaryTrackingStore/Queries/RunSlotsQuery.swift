import GRDB

/// Reads what searches ask of every run.
enum RunSlotsQuery {
    private static let columns = "id, experiment, start_time, deleted_at IS NOT NULL"

    static func all(revision: Int64, generation: Int, _ db: Database) throws -> RunSlots {
        var slots = RunSlots(revision: revision, generation: generation)
        try scan("SELECT \(columns) FROM run ORDER BY id", [], db) { slots.append($0) }
        return slots
    }

    /// The slots with what changed since; `nil` if a run is gone, and with it a slot, or if reading all is as cheap.
    static func updated(_ slots: RunSlots, to revision: Int64, _ db: Database) throws -> RunSlots? {
        // The index by revision would not keep the order of rows, in which new ones are appended.
        var rows: [RunSlotRow] = []
        try scan(
            """
            SELECT \(columns) FROM run
            WHERE id IN (SELECT id FROM run INDEXED BY run_by_revision WHERE revision > ? LIMIT ?) ORDER BY id
            """, [slots.revision, limit(of: slots) + 1], db
        ) { rows.append($0) }
        guard rows.count <= limit(of: slots) else { return nil }
        var slots = slots
        slots.update(rows, to: revision)
        let count = try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM run"))
        return count == slots.count ? slots : nil
    }

    /// Beyond so many changes all is read again.
    static func limit(of slots: RunSlots) -> Int { max(slots.count / 4, 100) }

    private static func scan(
        _ sql: String, _ values: StatementArguments, _ db: Database, _ body: (RunSlotRow) -> Void
    ) throws {
        try StatementRows.integers(db.cachedStatement(sql: sql), values, columnCount: 4, db) { row in
            body(RunSlotRow(id: row[0], experiment: row[1], startTime: row[2], isDeleted: row[3] != 0))
        }
    }
}
