/// Why a recipe cannot be carried out; every message names the key, what was given and what would fit.
package enum RecipeError: Error, Equatable, CustomStringConvertible, Sendable {
    case unknownRecipe(String, known: [String])
    case unreadable(file: String, problem: String)
    case notYAML(source: String, problem: String)
    case unknownKey(String, known: [String])
    case missing(String, wanted: String)
    case wrongValue(key: String, given: String, wanted: String)
    case badSetting(String)

    package var description: String {
        switch self {
        case .unknownRecipe(let name, let known):
            "no recipe is named '\(name)' and no file is there; known: \(known.joined(separator: ", "))"
        case .unreadable(let file, let problem):
            "cannot read the recipe \(file): \(problem)"
        case .notYAML(let source, let problem):
            "\(source) is not a recipe in YAML: \(problem)"
        case .unknownKey(let key, let known):
            "'\(key)' is no key of a recipe; there are \(known.joined(separator: ", "))"
        case .missing(let key, let wanted):
            "'\(key)' is missing; it takes \(wanted)"
        case .wrongValue(let key, let given, let wanted):
            "'\(key)' is \(given); it takes \(wanted)"
        case .badSetting(let text):
            "--set \(text) is not of the form KEY=VALUE, as training.epochs=1"
        }
    }
}
