import CAviarySQLite
import GRDB

/// Reads many rows without a GRDB value for each of them, which takes longer than SQLite's own part.
enum StatementRows {
    private static let rowsAtOnce = 4096

    /// Gives each row of a query of integers, none of them NULL, to `body`.
    static func integers(
        _ statement: Statement, _ arguments: StatementArguments, columnCount: Int, _ db: Database,
        _ body: (UnsafeBufferPointer<Int64>) throws -> Void
    ) throws {
        try statement.setArguments(arguments)
        let statement = statement.sqliteStatement
        aviary_sqlite_reset(statement)
        defer { aviary_sqlite_reset(statement) }
        var values = [Int64](repeating: 0, count: rowsAtOnce * columnCount)
        while true {
            let count = Int(
                aviary_sqlite_read_integers(statement, &values, Int32(columnCount), Int64(rowsAtOnce)))
            guard count >= 0 else { throw failure(Int32(-count), db) }
            try values.withUnsafeBufferPointer { values in
                for row in 0..<count {
                    try body(
                        UnsafeBufferPointer(rebasing: values[row * columnCount..<(row + 1) * columnCount]))
                }
            }
            guard count == rowsAtOnce else { return }
        }
    }

    /// Gives each row of a query of an integer and a text that is not NULL to `body`, until that returns `false`.
    static func texts(
        _ statement: Statement, _ arguments: StatementArguments, _ db: Database,
        _ body: (Int64, UnsafeBufferPointer<UInt8>) throws -> Bool
    ) throws {
        try statement.setArguments(arguments)
        let statement = statement.sqliteStatement
        aviary_sqlite_reset(statement)
        defer { aviary_sqlite_reset(statement) }
        var row = AviaryTextRow()
        while true {
            let count = aviary_sqlite_next_text(statement, &row)
            guard count >= 0 else { throw failure(-count, db) }
            guard count > 0 else { return }
            let text = UnsafeBufferPointer(start: row.bytes, count: Int(row.byte_count))
            guard try body(row.number, text) else { return }
        }
    }

    private static func failure(_ code: Int32, _ db: Database) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
    }
}
