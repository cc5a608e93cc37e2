import AviaryArtifacts
import AviaryTracking
import GRDB

/// The names of all files, by their whole path; what lies in one folder lies side by side.
enum ArtifactTable {
    /// Notes a file; a later one replaces an earlier one at the same path.
    ///
    /// - Throws: `TrackingError.invalid` where a folder of that name is, or a file where a folder of the path
    ///   would be, or if the path is too long.
    static func set(_ artifact: Artifact, _ db: Database) throws {
        let byteCount = artifact.path.utf8.count
        guard byteCount <= ArtifactPath.wholeByteLimit else {
            throw TrackingError.invalid(
                field: "path",
                problem: "\(byteCount) bytes with its place; at most \(ArtifactPath.wholeByteLimit) fit")
        }
        try refuseClash(artifact.path, db)
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO artifact (path, size, sha256) VALUES (?, ?, ?)
                ON CONFLICT (path) DO UPDATE SET size = excluded.size, sha256 = excluded.sha256
                """)
        try statement.execute(arguments: [artifact.path, artifact.byteCount, artifact.sha256])
    }

    /// The files below a folder, by path.
    static func all(below folder: String, _ db: Database) throws -> [Artifact] {
        let statement = try db.cachedStatement(
            sql: "SELECT path, size, sha256 FROM artifact WHERE path > ? AND path < ? ORDER BY path")
        return try Row.fetchAll(statement, arguments: bounds(folder)).map(artifact)
    }

    /// What lies in a folder itself, by name; of a folder in it all files are passed over at once.
    static func entries(of folder: String, _ db: Database) throws -> [ArtifactEntry] {
        // U+10FFFF is behind all that a path begins with.
        let (start, end) = folder.isEmpty ? ("", "\u{10FFFF}") : ("\(folder)/", "\(folder)0")
        let statement = try db.cachedStatement(
            sql: "SELECT path, size FROM artifact WHERE path >= ? AND path < ? ORDER BY path")
        var entries: [ArtifactEntry] = []
        var next: String? = start
        while let from = next {
            next = nil
            let rows = try Row.fetchCursor(statement, arguments: [from, end])
            while next == nil, let row = try rows.next() {
                let path: String = row[0]
                let rest = path.utf8.dropFirst(start.utf8.count)
                if let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
                    let name = String(Substring(rest[..<slash]))
                    entries.append(ArtifactEntry(name: name, byteCount: nil))
                    next = "\(start)\(name)0"  // the first text behind all that begin with `name/`
                } else {
                    entries.append(ArtifactEntry(name: String(Substring(rest)), byteCount: row[1]))
                }
            }
        }
        // Bytes sort `a.txt` before `a/`; people and clients look for names in order.
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Whether something lies below this path.
    static func isFolder(_ path: String, _ db: Database) throws -> Bool {
        guard !path.isEmpty else {
            return try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM artifact)") ?? false
        }
        let statement = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM artifact WHERE path > ? AND path < ?)")
        return try Bool.fetchOne(statement, arguments: bounds(path)) ?? false
    }

    /// How many files lie below a folder, and their bytes.
    static func size(of folder: String, _ db: Database) throws -> (fileCount: Int, byteCount: Int64) {
        let statement = try db.cachedStatement(
            sql: "SELECT count(*), ifnull(sum(size), 0) FROM artifact WHERE path > ? AND path < ?")
        let row = try Row.fetchOne(statement, arguments: bounds(folder))
        return row.map { ($0[0], $0[1]) } ?? (0, 0)
    }

    /// Whether a blob has a name.
    static func names(_ sha256: String, _ db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM artifact WHERE sha256 = ?)")
        return try Bool.fetchOne(statement, arguments: [sha256]) ?? false
    }

    static func find(_ path: String, _ db: Database) throws -> Artifact? {
        let statement = try db.cachedStatement(sql: "SELECT path, size, sha256 FROM artifact WHERE path = ?")
        return try Row.fetchOne(statement, arguments: [path]).map(artifact)
    }

    /// Takes away a file, or all files below a folder; how many they were.
    static func remove(_ path: String, _ db: Database) throws -> Int {
        try db.cachedStatement(sql: "DELETE FROM artifact WHERE path = ?").execute(arguments: [path])
        let count = db.changesCount
        try db.cachedStatement(sql: "DELETE FROM artifact WHERE path > ? AND path < ?")
            .execute(arguments: bounds(path))
        return count + db.changesCount
    }

    /// `0` is the character behind `/`.
    private static func bounds(_ folder: String) -> StatementArguments { ["\(folder)/", "\(folder)0"] }

    /// Throws `TrackingError.invalid` where a folder of that name is, or a file where a folder of the path would be.
    static func refuseClash(_ path: String, _ db: Database) throws {
        if try isFolder(path, db) {
            throw TrackingError.invalid(field: "path", problem: "'\(path)' is a folder")
        }
        var folder = path[...]
        while let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")) {
            folder = folder[..<slash]
            if try find(String(folder), db) != nil {
                throw TrackingError.invalid(field: "path", problem: "'\(folder)' is a file, and no folder")
            }
        }
    }

    private static func artifact(_ row: Row) -> Artifact {
        Artifact(path: row[0], byteCount: row[1], sha256: row[2])
    }
}
