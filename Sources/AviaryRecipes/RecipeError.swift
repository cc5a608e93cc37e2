/// Why a recipe cannot be carried out; every message names the key, what was given and what would fit.
package enum RecipeError: Error, Equatable, CustomStringConvertible, Sendable {
    case unknownRecipe(String, known: [String])
    case unreadable(file: String, problem: String)
    case notYAML(source: String, line: Int?, problem: String)
    case duplicateKey(String, source: String, line: Int)
    case unknownKey(String, nearest: String?, known: [String])
    case missing(String, wanted: String)
    case wrongValue(key: String, given: String, wanted: String)
    case badSetting(String)
    /// The value of a setting is no YAML.
    case badSettingValue(String, problem: String)

    package var description: String {
        switch self {
        case .unknownRecipe(let name, let known):
            Self.unknownRecipeMessage(name, known)
        case .unreadable(let file, let problem):
            "cannot read the recipe \(file): \(problem)"
        case .notYAML(let source, let line, let problem):
            "\(source) is not a recipe in YAML: \(line.map { "line \($0): " } ?? "")\(problem)"
        case .duplicateKey(let key, let source, let line):
            "\(source) gives '\(key)' twice in one mapping, first in line \(line); keep one"
        case .unknownKey(let key, let nearest?, _):
            "'\(key)' is no key of this recipe; did you mean '\(nearest)'?"
        case .unknownKey(let key, nil, let known):
            "'\(key)' is no key of this recipe; there are \(known.joined(separator: ", "))"
        case .missing(let key, let wanted):
            "'\(key)' is missing; it takes \(wanted)"
        case .wrongValue(let key, let given, let wanted):
            "'\(key)' is \(given); it takes \(wanted)"
        case .badSetting(let text):
            "--set \(text) is not of the form KEY=VALUE, as training.epochs=1"
        case .badSettingValue(let text, let problem):
            "--set \(text) has a value that is not YAML: \(problem)"
        }
    }

    private static func unknownRecipeMessage(_ name: String, _ known: [String]) -> String {
        let guess = Spelling.nearest(to: name, among: known).map { "did you mean '\($0)'? " } ?? ""
        return "no recipe is named '\(name)' and no file is there; \(guess)known: "
            + known.joined(separator: ", ")
    }
}
