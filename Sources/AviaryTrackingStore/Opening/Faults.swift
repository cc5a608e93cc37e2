import GRDB

/// What SQLite finds wrong with a file's structure.
enum Faults {
    /// At most ten lines of `quick_check`; none if the file is sound.
    static func find(_ db: Database) throws -> [String] {
        let lines = try String.fetchAll(db, sql: "PRAGMA quick_check(10)")
        return lines == ["ok"] ? [] : lines
    }
}
