import GRDB

/// Folders of files whose run, logged model or experiment is gone.
enum CondemnedFolderTable {
    private static let pathsAtOnce = 1000

    static func insert(_ path: String, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO condemned_folder (path) VALUES (?)")
            .execute(arguments: [path])
    }

    static func all(_ db: Database) throws -> [String] {
        try String.fetchAll(db.cachedStatement(sql: "SELECT path FROM condemned_folder ORDER BY path"))
    }

    /// Takes away the names of some files below a folder, behind that of `last`; and the folder, once it is empty.
    ///
    /// - Returns: How many went, and the last path that was looked at; `nil` when all were.
    static func freeSome(
        of folder: String, after last: String?, _ db: Database
    ) throws -> (count: Int, last: String?) {
        let places = try placesInUse(around: folder, db)
        let statement = try db.cachedStatement(
            sql: "SELECT path FROM artifact WHERE path > ? AND path < ? ORDER BY path LIMIT ?")
        // `0` is the character behind `/`.
        let paths = try String.fetchAll(
            statement, arguments: [last ?? "\(folder)/", "\(folder)0", pathsAtOnce])
        let removal = try db.cachedStatement(sql: "DELETE FROM artifact WHERE path = ?")
        var count = 0
        for path in paths where !places.contains(where: { isWithin($0, path) }) {
            try removal.execute(arguments: [path])
            count += 1
        }
        if paths.count == pathsAtOnce { return (count, paths.last) }
        if try !ArtifactTable.isFolder(folder, db) {
            try db.cachedStatement(sql: "DELETE FROM condemned_folder WHERE path = ?")
                .execute(arguments: [folder])
        }
        return (count, nil)
    }

    /// Places of registered versions, and of experiments that were given one inside of this folder.
    private static func placesInUse(around folder: String, _ db: Database) throws -> [String] {
        let versions = try String.fetchAll(
            db.cachedStatement(sql: "SELECT location FROM model_version WHERE location GLOB ?"),
            arguments: ["\(ArtifactPlace.scheme)*"])
        let experiments = try String.fetchAll(
            db.cachedStatement(sql: "SELECT artifact_location FROM experiment"))
        return versions.compactMap { ArtifactPlace.path(of: $0) }
            + experiments.compactMap { ArtifactPlace.path(of: $0) }.filter { isWithin(folder, $0) }
    }

    /// Whether a path is a folder, or below it; byte by byte, as SQLite compares them.
    private static func isWithin(_ folder: String, _ path: String) -> Bool {
        path.utf8.starts(with: folder.utf8)
            && (path.utf8.count == folder.utf8.count
                || path.utf8.dropFirst(folder.utf8.count).first == UInt8(ascii: "/"))
    }
}
