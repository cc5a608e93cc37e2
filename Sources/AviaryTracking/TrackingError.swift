/// Why a store would not take or give something; the wording is for the person who asked.
public enum TrackingError: Error, Equatable, CustomStringConvertible, Sendable {
    /// No run has this identifier.
    case runNotFound(String)
    /// Several runs begin with this prefix.
    case ambiguousRun(String, matches: [String])
    /// No experiment has this name.
    case experimentNotFound(String)
    /// No experiment has this number.
    case experimentNumberNotFound(Int64)
    /// An experiment has this name already; one in the trash keeps its name for those who speak of it by name.
    case experimentExists(String, isDeleted: Bool)
    /// The thing is in the trash and takes nothing until it is restored.
    case deleted(RecordKind, id: String)
    /// There is no such tag.
    case tagNotFound(key: String, of: RecordKind, id: String)
    /// A run has no file at this path.
    case artifactNotFound(run: String, path: String)
    /// No logged model has this identifier.
    case loggedModelNotFound(String)
    /// Params of a logged model were given before with other values; in the order of their keys.
    case loggedModelParamsChanged(model: String, [ParamChange])
    /// Params were logged before with other values; in the order of their keys.
    case paramsChanged(run: String, [ParamChange])
    /// Something given does not fit the limits; `field` names it.
    case invalid(field: String, problem: String)
    /// The run has ended and takes no more values.
    case runEnded(String, RunStatus)
    /// The registry of models would not take or give something.
    case registry(RegistryError)
    /// A search took longer than it may.
    case searchTooLong(limit: Duration)
    /// The store could not be opened, read or written.
    case store(StoreProblem)

    /// One sentence: what is wrong, with what, and what would fit.
    public var description: String {
        switch self {
        case .runNotFound(let id):
            "no run has the id '\(id)'; `aviary runs list` shows those there are"
        case .ambiguousRun(let prefix, let matches):
            "'\(prefix)' fits \(matches.count) runs: \(matches.joined(separator: ", ")); give more digits"
        case .experimentNotFound(let name):
            "no experiment is named '\(name)'"
        case .experimentNumberNotFound(let id):
            "no experiment has the number \(id)"
        case .experimentExists(let name, let isDeleted):
            "there is an experiment '\(name)' already"
                + (isDeleted ? ", in the trash; restore or rename it" : "")
        case .deleted(let thing, let id):
            "\(thing.rawValue) \(id) is in the trash; restore it first"
        case .tagNotFound(let key, let thing, let id):
            "\(thing.rawValue) \(id) has no tag '\(key)'"
        case .artifactNotFound(let run, let path):
            "run \(run) has no artifact '\(path)'"
        case .loggedModelNotFound(let id):
            "no logged model has the id '\(id)'"
        case .loggedModelParamsChanged(let model, let changes):
            ParamChange.list(changes) + "; params of a logged model never change (\(model))"
        case .paramsChanged(let run, let changes):
            ParamChange.list(changes) + "; params of a run never change (\(run))"
        case .invalid(let field, let problem):
            "\(field): \(problem)"
        case .runEnded(let id, let status):
            "run \(id) has ended (\(status.rawValue)) and takes no more values"
        case .registry(let error):
            error.description
        case .searchTooLong(let limit):
            "the search took longer than \(limit); ask with fewer conditions or, of runs, once more in a moment"
        case .store(let problem):
            problem.description
        }
    }
}

/// A param that was to become another value than it has.
public struct ParamChange: Sendable, Equatable, CustomStringConvertible {
    /// How many changes a message names, and how many characters of each value: a batch has 100, of 6000 each.
    package static let namedCount = 5
    package static let shownLength = 250

    /// The param's name.
    public let key: String
    /// What was logged first.
    public let old: String
    /// What was refused.
    public let new: String

    /// Puts a change together.
    public init(key: String, old: String, new: String) {
        (self.key, self.old, self.new) = (key, old, new)
    }

    /// What was and what was wanted; long values are cut.
    public var description: String {
        let short = shortened
        return "param '\(key)' was logged as '\(short.old)' and cannot become '\(short.new)'"
    }

    /// The same change as a message shows it.
    package var shortened: ParamChange {
        ParamChange(key: key, old: Self.shortened(old), new: Self.shortened(new))
    }

    private static func shortened(_ value: String) -> String {
        let rest = value.unicodeScalars.dropFirst(shownLength)
        return rest.isEmpty ? value : String(value.unicodeScalars[..<rest.startIndex]) + "…"
    }

    /// The first changes, and how many more there are.
    fileprivate static func list(_ changes: [ParamChange]) -> String {
        let more = changes.count - namedCount
        return changes.prefix(namedCount).map(\.description).joined(separator: ", ")
            + (more > 0 ? " and \(more) more" : "")
    }
}

/// What a store keeps that has tags and can be in the trash.
public enum RecordKind: String, Sendable {
    case run
    case experiment
    case loggedModel = "logged model"
}

/// What can be wrong with a store as a whole.
public enum StoreProblem: Error, Equatable, CustomStringConvertible, Sendable {
    /// There is no store in this folder.
    case missing(path: String)
    /// The file is not a database of ours.
    case foreign(path: String, found: String)
    /// The file is damaged.
    case damaged(path: String, detail: String)
    /// A newer version of the program wrote it.
    case newer(path: String, found: Int, known: Int)
    /// The file system cannot hold a store safely.
    case unsuitableFileSystem(path: String, name: String)
    /// Another process held the lock for too long.
    case busy(path: String, waited: Duration)
    /// The disk is full.
    case full(path: String)
    /// Reading or writing failed.
    case unusable(path: String, detail: String)

    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .missing(let path):
            "there is no store at \(path); `aviary train` or `aviary demo` makes one, --store names another"
        case .foreign(let path, let found):
            "\(path) is not an Aviary store (\(found)); name another folder with --store"
        case .damaged(let path, let detail):
            "the store at \(path) is damaged (\(detail)); keep a copy, then restore a backup"
        case .newer(let path, let found, let known):
            "store was upgraded by a newer aviary: \(path) has schema \(found), this program knows \(known); "
                + "install the newer version"
        case .unsuitableFileSystem(let path, let name):
            "\(path) is on a \(name) file system, which cannot share a store safely; put it on a local disk, "
                + "or run `aviary serve` on the machine that owns the disk"
        case .busy(let path, let waited):
            "the store at \(path) was locked by another process for \(waited); try again"
        case .full(let path):
            "no space left on the disk that holds \(path); free some, nothing that was acknowledged is lost"
        case .unusable(let path, let detail):
            "cannot use the store at \(path): \(detail)"
        }
    }
}
