/// Why a model of the zoo cannot be had.
public enum CatalogueError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The catalogue is not YAML.
    case unreadable(origin: String, detail: String)
    /// A field of the catalogue is missing or does not fit.
    case wrong(origin: String, field: String, problem: String)
    /// No entry has this name.
    case unknownModel(String, known: [String])
    /// The weights are in none of the folders.
    case weightsMissing(model: String, folders: [String])
    /// The weights are there, but other bytes than the catalogue says.
    case weightsDamaged(model: String, file: String, expected: String, found: String)
    /// The catalogue names no address for the weights.
    case noSource(model: String)
    /// No source gave the weights; a problem each.
    case notPulled(model: String, problems: [String])
    /// Somebody asked to stop.
    case cancelled(model: String, detail: String)

    /// One sentence: what is wrong, with what, and what to do.
    public var description: String {
        switch self {
        case .unreadable(let origin, let detail):
            "cannot read the catalogue \(origin): \(detail)"
        case .wrong(let origin, let field, let problem):
            "catalogue \(origin): \(field) \(problem)"
        case .unknownModel(let name, let known):
            "model '\(name)' is not in the zoo; "
                + (known.isEmpty ? "the zoo is empty" : "known: \(known.joined(separator: ", "))")
        case .weightsMissing(let model, let folders):
            "the weights of '\(model)' are not on this machine (looked in \(folders.joined(separator: ", "))); "
                + "`aviary zoo pull \(model)` fetches them"
        case .weightsDamaged(let model, let file, let expected, let found):
            "the weights of '\(model)' in \(file) are damaged: SHA-256 \(found) instead of \(expected); "
                + "remove the file and run `aviary zoo pull \(model)`"
        case .noSource(let model):
            "the catalogue names no address for the weights of '\(model)'; give one with --from"
        case .notPulled(let model, let problems):
            "cannot pull '\(model)': \(problems.joined(separator: "; "))"
        case .cancelled(let model, let detail):
            "pulling '\(model)' \(detail)"
        }
    }
}
