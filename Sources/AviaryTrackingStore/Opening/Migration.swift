import AviaryMigrationFiles
import GRDB

/// One numbered step of the schema.
package struct Migration: Sendable, Equatable {
    package let number: Int
    package let sql: String

    package init(number: Int, sql: String) {
        self.number = number
        self.sql = sql
    }

    /// The steps inside the program, in order; a file is `sqlite/NNNN_name.sql`.
    package static var embedded: [Migration] {
        let all = (0..<aviary_migration_file_count()).map { index in
            let file = aviary_migration_file(index).pointee
            let path = String(cString: file.path)
            guard let name = path.split(separator: "/").last, let number = Int(name.prefix(4)) else {
                preconditionFailure("the migration \(path) has no number")
            }
            let bytes = UnsafeBufferPointer(start: file.bytes, count: Int(file.count))
            return Migration(number: number, sql: String(decoding: bytes, as: UTF8.self))
        }
        return all.sorted { $0.number < $1.number }
    }

    /// Runs the step and notes its number, both or neither.
    ///
    /// A table that others point to may be made anew: what points where is checked at the end, not on the way
    /// (https://www.sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes").
    func run(_ db: Database) throws {
        try db.execute(sql: "PRAGMA foreign_keys = OFF")  // does nothing within a transaction
        let outcome = Result { try runInTransaction(db) }
        try db.execute(sql: "PRAGMA foreign_keys = ON")
        try outcome.get()
    }

    private func runInTransaction(_ db: Database) throws {
        try db.inTransaction(.immediate) {
            try db.execute(sql: sql)
            if let broken = try Row.fetchOne(db, sql: "PRAGMA foreign_key_check") {
                let table: String? = broken[0]
                throw DatabaseError(
                    resultCode: .SQLITE_CONSTRAINT,
                    message: "migration \(number) leaves a row of '\(table ?? "?")' that points nowhere")
            }
            try db.execute(sql: "PRAGMA user_version = \(number)")  // takes no bound value
            return .commit
        }
    }
}
