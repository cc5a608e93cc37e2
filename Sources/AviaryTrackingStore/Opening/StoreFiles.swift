import AviaryArtifacts
import AviaryFiles
import AviaryTracking
import Glibc

/// The files of one store, by absolute path without symbolic links.
struct StoreFiles: Hashable, Sendable {
    /// "AVIA", the `application_id` in the database's header.
    static let applicationID = 0x4156_4941
    /// How long a connection waits for another one, inside SQLite.
    static let busyMilliseconds = 5000
    /// How long a writer waits for `store.lock`.
    static let lockTimeout: Duration = .seconds(10)

    let folder: String
    var database: String { folder + "/aviary.db" }
    var log: String { folder + "/aviary.db-wal" }
    var lock: String { folder + "/store.lock" }
    var turn: String { folder + "/store.turn" }
    var temporary: String { folder + "/tmp" }
    var backups: String { folder + "/backups" }

    /// Finds the folder, or makes it if that is wanted.
    init(folder given: String, access: StoreAccess) throws(StoreProblem) {
        if access == .write(create: true) {
            try FileSystem.check(try Self.nearestExisting(given))
            try Self.makeFolders(given)
        }
        guard let resolved = realpath(given, nil) else {
            throw errno == ENOENT ? .missing(path: given) : Self.failure(given)
        }
        defer { free(resolved) }
        folder = String(cString: resolved)
    }

    /// Of a folder that was found before.
    init(resolved folder: String) {
        self.folder = folder
    }

    /// The size of a file without opening it; `nil` if there is none.
    ///
    /// SQLite, "How To Corrupt", 2.2: closing any descriptor of a database drops the locks that the process
    /// holds on it. Hence nothing here opens `aviary.db` or its companions.
    static func byteCount(of path: String) throws(StoreProblem) -> Int64? {
        var info = stat()
        if stat(path, &info) == 0 { return Int64(info.st_size) }
        guard errno == ENOENT || errno == ENOTDIR else { throw failure(path) }
        return nil
    }

    /// Whether there is a database; one that lost its main file is not taken for a new store.
    func hasDatabase() throws(StoreProblem) -> Bool {
        if try Self.byteCount(of: database) != nil { return true }
        if let byteCount = try Self.byteCount(of: log), byteCount > 0 {
            throw .damaged(path: folder, detail: "aviary.db is gone, its log is not")
        }
        return false
    }

    /// Makes one folder unless it is there.
    static func makeFolder(_ path: String) throws(StoreProblem) {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw failure(path)
    }

    /// Makes what a rename or a new file did in this folder (or to this file) last.
    static func sync(_ path: String) throws(StoreProblem) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    /// Gives a finished file its place.
    static func move(_ draft: String, to path: String, in folder: String) throws(StoreProblem) {
        guard rename(draft, path) == 0 else { throw failure(path) }
        try sync(folder)
    }

    /// Removes a database that is no store yet, with its companions.
    static func removeDraft(_ path: String) {
        for ending in ["", "-wal", "-shm", "-journal"] { unlink(path + ending) }
    }

    /// Takes away what killed processes left in `tmp/`; only under the lock, as databases are drafted under it.
    func sweepTemporary() throws {
        try BlobStore(folder: folder).sweep()
        for name in try Folder.names(in: temporary)
        where name.hasPrefix(StoreDraft.prefix) || name.hasPrefix(SchemaBackup.prefix) {
            unlink("\(temporary)/\(name)")
        }
    }

    /// Takes away what a training would resume from.
    func removeCheckpoint(of run: RunID) throws(StoreProblem) {
        let checkpoint = CheckpointPlace.file(of: run, in: folder)
        for path in [checkpoint, CheckpointPlace.lock(of: checkpoint)] {
            guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else { throw Self.failure(path) }
        }
    }

    /// What the system call that has just failed says.
    static func failure(_ path: String) -> StoreProblem {
        let code = errno
        if code == ENOSPC || code == EDQUOT { return .full(path: path) }
        return .unusable(path: path, detail: String(cString: strerror(code)))
    }

    private static func makeFolders(_ path: String) throws(StoreProblem) {
        var partial = path.utf8.first == UInt8(ascii: "/") ? "/" : ""
        for part in path.split(separator: "/") {
            partial += part
            try makeFolder(partial)
            partial += "/"
        }
    }

    private static func nearestExisting(_ path: String) throws(StoreProblem) -> String {
        var path = path
        while try byteCount(of: path) == nil {
            guard let slash = path.lastIndex(of: "/") else { return "." }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return path
    }
}
