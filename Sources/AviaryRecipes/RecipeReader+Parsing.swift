import Yams

extension RecipeReader {
    /// The mapping at the top of a recipe's text.
    static func mapping(_ text: String, named source: String) throws(RecipeError) -> Node {
        let parsed: Node?
        do {
            parsed = try Yams.compose(yaml: text)
        } catch {
            throw mistake(error, in: source)
        }
        guard let root = parsed, root.mapping != nil else {
            throw .notYAML(source: source, line: nil, problem: "its top level is not a mapping")
        }
        return root
    }

    /// The parser's mistake in one line: its own description quotes the text over several.
    private static func mistake(_ error: any Error, in source: String) -> RecipeError {
        guard let error = error as? YamlError else {
            return .notYAML(source: source, line: nil, problem: "\(error)")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return .notYAML(source: source, line: mark.line, problem: problem)
        case .duplicatedKeysInMapping(let keys, let context):
            return .duplicateKey(keys.first ?? "?", source: source, line: context.mark.line)
        case .reader(let problem, let offset, _, let text):
            let line = offset.map { text.prefix($0).count(where: \.isNewline) + 1 }
            return .notYAML(source: source, line: line, problem: problem)
        default:
            return .notYAML(source: source, line: nil, problem: "\(error)")
        }
    }

    /// What the parser says of the value of a setting.
    private static func problem(_ error: any Error) -> String {
        switch mistake(error, in: "the value") {
        case .notYAML(_, _, let problem): problem
        case .duplicateKey(let key, _, _): "it gives '\(key)' twice"
        case let other: "\(other)"
        }
    }

    /// Replaces the value at the path of `a.b=c`.
    static func applied(_ setting: String, to root: Node) throws(RecipeError) -> Node {
        let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, path.allSatisfy({ !$0.isEmpty }) else { throw .badSetting(setting) }
        let value: Node
        do {
            value = try Yams.compose(yaml: String(parts[1])) ?? Node("", .implicit, .plain)
        } catch {
            throw .badSettingValue(setting, problem: problem(error))
        }
        return try replaced(root, path[...], of: path, by: value)
    }

    private static func replaced(
        _ node: Node, _ rest: ArraySlice<String>, of path: [String], by value: Node
    ) throws(RecipeError) -> Node {
        guard let key = rest.first else { return value }
        guard node.mapping != nil || node.null != nil else {
            let section = path.prefix(rest.startIndex).joined(separator: ".")
            throw .wrongValue(key: section, given: shown(node), wanted: "one value, no keys below it")
        }
        var mapping = node.mapping ?? Node.Mapping([])
        let child = mapping[Node(key)] ?? Node.mapping(Node.Mapping([]))
        mapping[Node(key)] = try replaced(child, rest.dropFirst(), of: path, by: value)
        return .mapping(mapping)
    }
}
