import AviaryTracking
import GRDB

/// Folders of files whose run, logged model or experiment is gone.
enum CondemnedFolderTable {
    private static let pathsAtOnce = 1000
    private static let foldersAtOnce = 200

    /// How far a walk over all folders has come.
    struct Place {
        /// The last folder that is done.
        var folder = ""
        /// The last path that was looked at in the folder behind it.
        var path: String?
    }

    static func insert(_ path: String, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO condemned_folder (path) VALUES (?)")
            .execute(arguments: [path])
    }

    /// Whether an experiment keeps files in a folder, or in one around it.
    static func isShared(_ folder: String, _ db: Database) throws -> Bool {
        let numbers = try Int64.fetchAll(db.cachedStatement(sql: "SELECT id FROM experiment"))
        // Runs of an experiment with a place elsewhere have their recorders' files below its number.
        let places = try experimentPlaces(db) + numbers.map { "\($0)" }
        return places.contains { isWithin($0, folder) || isWithin(folder, $0) }
    }

    /// Takes away the names of some files, and folders that are empty then.
    ///
    /// - Returns: How many went, and where to go on; `nil` when all folders were walked.
    static func freeSome(from start: Place, _ db: Database) throws -> (count: Int, next: Place?) {
        let folders = try String.fetchAll(
            db.cachedStatement(
                sql: "SELECT path FROM condemned_folder WHERE path > ? ORDER BY path LIMIT ?"),
            arguments: [start.folder, foldersAtOnce])
        let experiments = try experimentPlaces(db)
        var place = start
        var (count, room) = (0, pathsAtOnce)
        for folder in folders {
            let first = place.path.flatMap { isWithin(folder, $0) ? $0 : nil } ?? "\(folder)/"
            let paths = try paths(in: folder, after: first, atMost: room, db)
            let inUse = try experiments.filter { isWithin(folder, $0) } + versionPlaces(around: folder, db)
            for path in paths where !inUse.contains(where: { isWithin($0, path) }) {
                try db.cachedStatement(sql: "DELETE FROM artifact WHERE path = ?").execute(arguments: [path])
                count += 1
            }
            guard paths.count < room else { return (count, Place(folder: place.folder, path: paths.last)) }
            room -= paths.count
            try removeIfEmpty(folder, db)
            place = Place(folder: folder)
        }
        return (count, folders.count < foldersAtOnce ? nil : place)
    }

    private static func paths(
        in folder: String, after first: String, atMost limit: Int, _ db: Database
    ) throws -> [String] {
        let statement = try db.cachedStatement(
            sql: "SELECT path FROM artifact WHERE path > ? AND path < ? ORDER BY path LIMIT ?")
        return try String.fetchAll(statement, arguments: [first, "\(folder)0", limit])  // `0` is behind `/`
    }

    private static func removeIfEmpty(_ folder: String, _ db: Database) throws {
        guard try !ArtifactTable.isFolder(folder, db) else { return }
        try db.cachedStatement(sql: "DELETE FROM condemned_folder WHERE path = ?")
            .execute(arguments: [folder])
    }

    // MARK: - What is in use

    private static func experimentPlaces(_ db: Database) throws -> [String] {
        try String.fetchAll(db.cachedStatement(sql: "SELECT artifact_location FROM experiment"))
            .compactMap { ArtifactPlace.path(of: $0) }
    }

    /// Where registered versions have files, in a folder or around it.
    private static func versionPlaces(around folder: String, _ db: Database) throws -> [String] {
        let inside = try String.fetchAll(
            db.cachedStatement(sql: "SELECT path FROM model_version_files WHERE path > ? AND path < ?"),
            arguments: ["\(folder)/", "\(folder)0"])
        let exact = try db.cachedStatement(sql: "SELECT path FROM model_version_files WHERE path = ? LIMIT 1")
        var around: [String] = []
        var parts = folder.split(separator: "/")
        while !parts.isEmpty {
            around += try String.fetchAll(exact, arguments: [parts.joined(separator: "/")])
            parts.removeLast()
        }
        return inside + around
    }

    /// Whether a path is a folder, or below it; byte by byte, as SQLite compares them.
    private static func isWithin(_ folder: String, _ path: String) -> Bool {
        path.utf8.starts(with: folder.utf8)
            && (path.utf8.count == folder.utf8.count
                || path.utf8.dropFirst(folder.utf8.count).first == UInt8(ascii: "/"))
    }
}
