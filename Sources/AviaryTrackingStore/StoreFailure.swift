import AviaryArtifacts
import AviaryTracking
import GRDB

extension TrackingError {
    /// The one place where an error of SQLite, of the disk or of ours becomes what a caller sees: no SQL in it.
    init(_ error: any Error, in path: String) {
        switch error {
        case let error as TrackingError: self = error
        case let problem as StoreProblem: self = .store(problem)
        case let error as ArtifactError: self = Self.artifact(error)
        case let error as DatabaseError: self = .store(Self.problem(error, in: path))
        case is CancellationError: self = .store(.unusable(path: path, detail: "the question was cancelled"))
        default: self = .store(.unusable(path: path, detail: "\(error)"))
        }
    }

    private static func problem(_ error: DatabaseError, in path: String) -> StoreProblem {
        let detail = error.message ?? "SQLite's code \(error.extendedResultCode.rawValue)"
        switch error.extendedResultCode.primaryResultCode {
        case .SQLITE_FULL: return .full(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return .busy(path: path, waited: .milliseconds(StoreFiles.busyMilliseconds))
        case .SQLITE_CORRUPT: return .damaged(path: path, detail: detail)
        case .SQLITE_NOTADB: return .foreign(path: path, found: "aviary.db is not an SQLite database")
        default: return .unusable(path: path, detail: detail)
        }
    }

    private static func artifact(_ error: ArtifactError) -> TrackingError {
        switch error {
        case .refusedPath: .invalid(field: "path", problem: error.description)
        case .full(let path): .store(.full(path: path))
        case .unusable(let path, let detail): .store(.unusable(path: path, detail: detail))
        }
    }
}
