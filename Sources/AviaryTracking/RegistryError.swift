/// Why the registry of models would not take or give something, in the words of MLflow's protocol.
public enum RegistryError: Error, Equatable, CustomStringConvertible, Sendable {
    /// No registered model has this name.
    case modelNotFound(String)
    /// A registered model or a prompt has this name already.
    case modelExists(String, isPrompt: Bool, wantedPrompt: Bool)
    /// A registered model has no version of this number, which may be too large for 64 bits.
    case versionNotFound(model: String, version: String)
    /// A registered model has no version at all.
    case noLatestVersion(model: String)
    /// A registered model has no version in this stage, or none at all (`nil`).
    case noVersion(model: String, stage: String?)
    /// No version has this alias.
    case aliasNotFound(String)
    /// There is no such stage.
    case unknownStage(String)
    /// Only versions in use give way to a new one.
    case notActive(stage: String)
    /// A version cannot have this source.
    case source(String, SourceProblem)

    /// One sentence: what is wrong, with what, and what would fit.
    public var description: String {
        switch self {
        case .modelNotFound(let name): "Registered Model with name=\(name) not found"
        case .modelExists(let name, let isPrompt, let wantedPrompt):
            Self.exists(name, isPrompt: isPrompt, wantedPrompt: wantedPrompt)
        case .versionNotFound(let model, let version):
            "Model Version (name=\(model), version=\(version)) not found"
        case .noLatestVersion(let model): "Latest version not found for model \(model)."
        case .noVersion(let model, let stage):
            "No versions of model with name '\(model)'" + (stage.map { " and stage '\($0)'" } ?? "")
                + " found"
        case .aliasNotFound(let alias): "Registered model alias \(alias) not found."
        case .unknownStage(let name):
            "Invalid Model Version stage: \(name). Value must be one of "
                + ModelStage.allCases.map(\.rawValue).joined(separator: ", ") + "."
        case .notActive(let stage):
            "Model version transition cannot archive existing model versions because '\(stage)' is not an "
                + "Active stage. Valid stages are ['Staging', 'Production']"
        case .source(let source, let problem): problem.text(of: source)
        }
    }

    private static func exists(_ name: String, isPrompt: Bool, wantedPrompt: Bool) -> String {
        let wanted = wantedPrompt ? "Prompt" : "Registered Model"
        guard isPrompt != wantedPrompt else { return "\(wanted) (name=\(name)) already exists." }
        return
            "Tried to create a \(wanted.lowercased()) with name '\(name)', but the name is already taken by a "
            + (isPrompt ? "prompt" : "registered model")
            + ". MLflow does not allow creating a model and a prompt with the same name."
    }
}

/// What can be wrong with the source of a version.
public enum SourceProblem: Sendable, Equatable {
    /// It lies in a run or a logged model that was not named, or not this one.
    case notOf(SourceOwner)
    /// It is a path of a disk outside of what was named; the path is as it was understood.
    case outside(SourceOwner, path: String)
    /// Its path is not a whole one, or leads back (`..`).
    case notAbsolute
    /// It is a file of another machine.
    case remoteFile
    /// It names another server, by a scheme that leads there.
    case otherHost(scheme: String)
    /// It names a registry other than this.
    case otherRegistry
    /// It is a version of a prompt.
    case prompt
    /// It is a version that was made of another run or logged model than was named.
    case otherLineage
    /// A prompt has no files, and so no source but a word that says so.
    case notOfPrompt

    fileprivate func text(of source: String) -> String {
        let beginning = "Invalid model version source: '\(source)'."
        switch self {
        case .notOf(let owner):
            return
                "\(beginning) The \(owner.field) request parameter must identify the resource that contains "
                + "the source."
        case .outside(let owner, let path):
            return
                "Invalid model version source: '\(path)'. To use a local path as a model version source, the "
                + "\(owner.field) request parameter has to be specified and the local path has to be contained "
                + "within the artifact directory of the run specified by the \(owner.field)."
        case .notAbsolute:
            return
                "\(beginning) If supplying a source as an http, https, local file path, ftp, objectstore, or "
                + "mlflow-artifacts uri, an absolute path must be provided without relative path references "
                + "present. Please provide an absolute path."
        case .remoteFile:
            return
                "\(source) is not a valid remote uri. For remote access on windows, please consider using a "
                + "different scheme such as SMB (e.g. smb://<hostname>/<path>)."
        case .otherHost(let scheme):
            return
                "'source' cannot use the '\(scheme)' scheme: it names a host, and a model version is kept by "
                + "this server or in an object store."
        case .otherRegistry:
            return "\(beginning) Registered model sources must use the active model registry."
        case .prompt: return "\(beginning) Prompt versions cannot be used as model version sources."
        case .otherLineage:
            return "\(beginning) The run_id and model_id request parameters must match the referenced model "
                + "version."
        case .notOfPrompt:
            return "Invalid prompt source: '\(source)'. Prompt sources must use an MLflow placeholder."
        }
    }
}

/// What the files of a version lie in.
public enum SourceOwner: Sendable, Equatable {
    case run
    case loggedModel

    fileprivate var field: String {
        switch self {
        case .run: "run_id"
        case .loggedModel: "model_id"
        }
    }
}
