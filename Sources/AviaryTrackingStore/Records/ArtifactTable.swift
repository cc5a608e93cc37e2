import AviaryTracking
import GRDB

enum ArtifactTable {
    /// Notes a file of a run; a later one replaces an earlier one at the same path.
    static func set(_ artifact: Artifact, of run: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO artifact (run, path, size, sha256) VALUES (?, ?, ?, ?)
                ON CONFLICT (run, path) DO UPDATE SET size = excluded.size, sha256 = excluded.sha256
                """)
        try statement.execute(arguments: [run, artifact.path, artifact.byteCount, artifact.sha256])
    }

    /// The files of a run, by path.
    static func all(of run: Int64, _ db: Database) throws -> [Artifact] {
        let statement = try db.cachedStatement(
            sql: "SELECT path, size, sha256 FROM artifact WHERE run = ? ORDER BY path")
        return try Row.fetchAll(statement, arguments: [run]).map(artifact)
    }

    static func find(_ path: String, of run: Int64, _ db: Database) throws -> Artifact? {
        let statement = try db.cachedStatement(
            sql: "SELECT path, size, sha256 FROM artifact WHERE run = ? AND path = ?")
        return try Row.fetchOne(statement, arguments: [run, path]).map(artifact)
    }

    private static func artifact(_ row: Row) -> Artifact {
        Artifact(path: row[0], byteCount: row[1], sha256: row[2])
    }
}
