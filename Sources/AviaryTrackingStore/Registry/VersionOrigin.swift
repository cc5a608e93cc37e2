import AviaryTracking
import GRDB

/// Where a new version comes from: its source as it is kept, where its files are, what made it.
struct VersionOrigin {
    var source: String
    var location: String
    /// As `ModelVersion.run` has it.
    var run: String?
    var loggedModel: SourceModel?
    /// Whether the request named the logged model; then that one notes the version.
    var isNamed = false
}

/// Which sources a version may have.
///
/// The store opens none of them. They are held to what was said of them all the same: whoever loads a version trusts
/// that it comes from the run or logged model that it names.
extension VersionOrigin {
    /// What clients put into the field of a prompt's source.
    private static let promptSources = ["dummy-source", "prompt-template"]
    /// Schemes of addresses that lead to the host they name.
    private static let hostSchemes: Set<String> = [
        "ftp", "sftp", "hdfs", "viewfs", "http", "https", "r2", "b2", "abfss",
    ]

    init(of new: NewModelVersion, _ db: Database) throws {
        guard !PromptTag.isPrompt(new.tags) else {
            guard Self.promptSources.contains(new.source) else { throw Self.refusal(new, .notOfPrompt) }
            self.init(source: new.source, location: new.source, run: new.run ?? "")
            return
        }
        let address = SourceAddress(new.source)
        let leadsToHost = address.scheme == SourceAddress.ownScheme && !address.authority.isEmpty
        guard !leadsToHost, !Self.hostSchemes.contains(address.scheme) else {
            throw Self.refusal(new, .otherHost(scheme: address.scheme))
        }
        guard address.scheme == "models" else {
            try self.init(at: address, new, db)
            return
        }
        switch try Self.reference(new, address) {
        case .loggedModel(let id): try self.init(loggedModel: id, new, db)
        case .version(let name, let model): try self.init(ofVersion: name, model: model, new, db)
        }
    }

    /// A place: in a run, in a logged model, on a disk, or elsewhere.
    private init(at address: SourceAddress, _ new: NewModelVersion, _ db: Database) throws {
        self.init(source: new.source, location: new.source, run: new.run ?? "")
        if address.scheme == "file", !["", "."].contains(address.host),
            !address.host.hasPrefix("localhost"), !address.host.hasPrefix("127.0.0.1")
        {
            throw Self.refusal(new, .remoteFile)
        }
        if let id = new.loggedModel, !id.isEmpty {
            try Self.check(address, new, .loggedModel, id) { try SourceModel.find(id, db)?.location }
            try takeModel(id, db)
        } else {
            try Self.check(address, new, .run, new.run ?? "") {
                guard let run = RunID(new.run ?? ""), try RunTable.find(run, db) != nil else { return nil }
                return try RunTable.row(run, db).artifactLocation
            }
        }
    }

    /// A logged model, which must be the one that was named.
    private init(loggedModel id: String, _ new: NewModelVersion, _ db: Database) throws {
        guard SourceAddress.isAbsolute(new.source) else { throw Self.refusal(new, .notAbsolute) }
        guard new.loggedModel == id, let model = try SourceModel.find(id, db) else {
            throw Self.refusal(new, .notOf(.loggedModel))
        }
        self.init(source: new.source, location: model.location, run: new.run ?? "")
        try takeModel(id, db)
    }

    /// A version that there is, whose origin is this one's too.
    private init(
        ofVersion name: VersionName, model: String, _ new: NewModelVersion, _ db: Database
    ) throws {
        let registered = try RegisteredModelTable.get(model, db)
        guard try !RegisteredModelTable.isPrompt(registered.id, db) else { throw Self.refusal(new, .prompt) }
        let found = try NamedVersionQuery.version(name, of: registered, db)
        let isOfRun = new.run.map { $0 == found.run ?? "" } ?? true
        let isOfModel = new.loggedModel.map { $0 == found.loggedModel ?? "" } ?? true
        guard isOfRun, isOfModel else { throw Self.refusal(new, .otherLineage) }
        let source = "models:/\(found.model)/\(found.number)"
        guard SourceAddress.isAbsolute(source) else { throw Self.refusal(new, .notAbsolute) }
        self.init(source: source, location: found.location, run: new.run ?? found.run)
        if let id = new.loggedModel, !id.isEmpty {
            try takeModel(id, db)
        } else {
            loggedModel = try found.loggedModel.flatMap { try SourceModel.find($0, db) }
        }
    }

    /// Takes the logged model that the request names, and its run where that names none.
    private mutating func takeModel(_ id: String, _ db: Database) throws {
        guard let model = try SourceModel.find(id, db) else { throw TrackingError.loggedModelNotFound(id) }
        loggedModel = model
        isNamed = true
        if run?.isEmpty ?? true { run = model.run }
    }

    /// Where its files are among all that the store keeps, as it was written and as it reads decoded; none where they
    /// are elsewhere.
    func ownPaths(_ db: Database) throws -> Set<ExactKey> {
        guard let place = try Self.place(of: location, db) else { return [] }
        return ArtifactPlace.paths(of: place).filter { !$0.text.isEmpty }
    }

    /// The place that a source `runs:/…` stands for, as clients find it.
    ///
    /// That is in the logged model to which the run gave this name, else among the run's files; `nil` where there is no
    /// such run. Any other source is a place itself.
    static func place(of location: String, _ db: Database) throws -> String? {
        let address = SourceAddress(location)
        guard address.scheme == "runs" else { return location }
        let parts = address.parts.map { String(decoding: $0, as: UTF8.self) }
        guard let run = parts.first.flatMap({ RunID($0) }), try RunTable.find(run, db) != nil else {
            return nil
        }
        if parts.count > 1, let model = try ArtifactRootQuery.loggedModel(named: parts[1], of: run, db) {
            return ([model] + parts.dropFirst(2)).joined(separator: "/")
        }
        let folder = try RunTable.row(run, db).artifactLocation
        return ([folder] + parts.dropFirst()).joined(separator: "/")
    }

    private static func reference(
        _ new: NewModelVersion, _ address: SourceAddress
    ) throws(TrackingError) -> ModelReference {
        guard address.authority.isEmpty else { throw refusal(new, .otherRegistry) }
        let path = SourceAddress(new.source, hasFragment: false).path
        guard let reference = ModelReference(path: path) else { throw refusal(new, .notOf(.loggedModel)) }
        return reference
    }

    static func refusal(_ new: NewModelVersion, _ problem: SourceProblem) -> TrackingError {
        .registry(.source(new.source, problem))
    }
}

extension VersionOrigin {
    /// Refuses a place that is not whole, or that lies in a run or logged model other than the one named.
    private static func check(
        _ address: SourceAddress, _ new: NewModelVersion, _ owner: SourceOwner, _ id: String,
        root: () throws -> String?
    ) throws {
        guard !address.isLocal else { return try checkLocal(address, new, owner, id, root: root) }
        guard SourceAddress.isAbsolute(new.source) else { throw refusal(new, .notAbsolute) }
        switch address.scheme {
        case "runs":
            let run = address.path.utf8.dropFirst().prefix { $0 != UInt8(ascii: "/") }
            guard owner == .run, address.authority.isEmpty, run.elementsEqual(id.utf8) else {
                throw refusal(new, .notOf(owner))
            }
        case SourceAddress.ownScheme:
            guard let root = try root(), address.isWithin(SourceAddress(root)) else {
                throw refusal(new, .notOf(owner))
            }
        default: break  // a label
        }
    }

    /// A path is taken only below another path: that of a run whose experiment keeps its files on a disk.
    private static func checkLocal(
        _ address: SourceAddress, _ new: NewModelVersion, _ owner: SourceOwner, _ id: String,
        root: () throws -> String?
    ) throws {
        guard !id.isEmpty else { throw refusal(new, .outside(owner, path: new.source)) }
        guard let root = try root() else { throw refusal(new, .notOf(owner)) }
        let path = address.localPath
        let place = SourceAddress(root)
        guard let path, place.isLocal, let folder = place.localPath,
            path.utf8.starts(with: "\(folder)/".utf8) || path.utf8.elementsEqual(folder.utf8)
        else { throw refusal(new, .outside(owner, path: path ?? new.source)) }
    }
}
