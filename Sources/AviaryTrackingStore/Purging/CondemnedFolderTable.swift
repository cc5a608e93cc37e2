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

    static func insert(_ folders: Set<ExactKey>, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO condemned_folder (path) VALUES (?)")
        for folder in folders { try statement.execute(arguments: [folder.text]) }
    }

    /// Whether an experiment keeps files in a folder, or in one around it.
    static func isShared(_ folder: ExactKey, _ db: Database) throws -> Bool {
        try experimentPlaces(db).contains {
            ArtifactPlace.isWithin($0, folder) || ArtifactPlace.isWithin(folder, $0)
        }
    }

    /// Takes away the names of some files, and folders that are empty then.
    ///
    /// - Returns: How many went, and where to go on; `nil` when all folders were walked.
    static func freeSome(from start: Place, _ db: Database) throws -> (count: Int, next: Place?) {
        let folders = try String.fetchAll(
            db.cachedStatement(
                sql: "SELECT path FROM condemned_folder WHERE path > ? ORDER BY path LIMIT ?"),
            arguments: [start.folder, foldersAtOnce])
        var inUse = PlacesInUse(experiments: try experimentPlaces(db))
        var place = start
        var (count, room) = (0, pathsAtOnce)
        for folder in folders {
            let isBegun = place.path.map { ArtifactPlace.isWithin(ExactKey(folder), ExactKey($0)) } ?? false
            let first = isBegun ? place.path : nil
            let paths = try paths(in: folder, after: first ?? "\(folder)/", atMost: room, db)
            for path in paths where try !inUse.contain(path, within: folder, db) {
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

    /// Where experiments keep files; runs of one with a place elsewhere have their recorders' files below its number.
    private static func experimentPlaces(_ db: Database) throws -> Set<ExactKey> {
        let statement = try db.cachedStatement(sql: "SELECT id, artifact_location FROM experiment")
        return try Row.fetchAll(statement).reduce(into: []) { places, row in
            let number: Int64 = row[0]
            places.formUnion(ArtifactPlace.paths(of: row[1]))
            places.insert("\(number)")
        }
    }
}

/// Folders and files that stay although the folder around them goes.
private struct PlacesInUse {
    let experiments: Set<ExactKey>
    /// Whether a registered version has files exactly there, as far as it was asked.
    private var isOfVersion: [ExactKey: Bool] = [:]

    init(experiments: Set<ExactKey>) {
        self.experiments = experiments
    }

    /// Whether a path, or a folder around it, is where a version has files, or where an experiment was given a place
    /// inside of the folder that goes.
    mutating func contain(_ path: String, within folder: String, _ db: Database) throws -> Bool {
        var place = ExactKey(path)
        while !place.text.isEmpty {
            if try hasVersion(place, db) { return true }
            if experiments.contains(place), ArtifactPlace.isWithin(ExactKey(folder), place) { return true }
            let bytes = place.text.utf8
            place = ExactKey(
                String(place.text[..<(bytes.lastIndex(of: UInt8(ascii: "/")) ?? bytes.startIndex)]))
        }
        return false
    }

    private mutating func hasVersion(_ place: ExactKey, _ db: Database) throws -> Bool {
        if let known = isOfVersion[place] { return known }
        let statement = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM model_version_files WHERE path = ?)")
        let found = try Bool.fetchOne(statement, arguments: [place.text]) ?? false
        isOfVersion[place] = found
        return found
    }
}
