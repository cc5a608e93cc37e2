import Yams

/// Walks the mappings of a recipe, knows every key's path, and refuses what it was not asked for.
struct RecipeReader {
    private let root: Node

    init(_ text: String, named source: String, settings: [String]) throws(RecipeError) {
        let parsed: Node?
        do {
            parsed = try Yams.compose(yaml: text)
        } catch {
            throw .notYAML(source: source, problem: "\(error)".split(separator: "\n").joined(separator: " "))
        }
        guard var root = parsed, root.mapping != nil else {
            throw .notYAML(source: source, problem: "its top level is not a mapping")
        }
        for setting in settings { root = try Self.applied(setting, to: root) }
        self.root = root
    }

    /// Replaces the value at the path of `a.b=c`.
    private static func applied(_ setting: String, to root: Node) throws(RecipeError) -> Node {
        let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, path.allSatisfy({ !$0.isEmpty }) else { throw .badSetting(setting) }
        let value: Node
        do {
            value = try Yams.compose(yaml: String(parts[1])) ?? Node("")
        } catch {
            throw .badSetting(setting)
        }
        return replaced(root, path[...], by: value)
    }

    private static func replaced(_ node: Node, _ path: ArraySlice<String>, by value: Node) -> Node {
        guard let key = path.first else { return value }
        var mapping = node.mapping ?? Node.Mapping([])
        let child = mapping[Node(key)] ?? Node.mapping(Node.Mapping([]))
        mapping[Node(key)] = replaced(child, path.dropFirst(), by: value)
        return .mapping(mapping)
    }

    /// Refuses every key whose path is not among `known`.
    func refuseUnknownKeys(_ known: [String]) throws(RecipeError) {
        for path in Self.leaves(root, []) where !known.contains(path) {
            let section = path.split(separator: ".").dropLast().joined(separator: ".")
            let near = known.filter { section.isEmpty ? true : $0.hasPrefix(section + ".") }
            throw .unknownKey(path, known: near.isEmpty ? known : near)
        }
    }

    private static func leaves(_ node: Node, _ path: [String]) -> [String] {
        guard let mapping = node.mapping, !mapping.isEmpty else { return [path.joined(separator: ".")] }
        return mapping.flatMap { leaves($0.value, path + [$0.key.string ?? "?"]) }
    }

    private func node(_ key: String) -> Node? {
        key.split(separator: ".").reduce(Optional(root)) { node, part in node?.mapping?[Node(String(part))] }
    }

    func text(_ key: String) throws(RecipeError) -> String? {
        guard let node = node(key) else { return nil }
        guard let scalar = node.scalar else { throw wrong(key, node, "text") }
        return scalar.string
    }

    func integer(
        _ key: String, in range: ClosedRange<Int>, default standard: Int? = nil
    ) throws(RecipeError) -> Int {
        let wanted = "a whole number in \(range.lowerBound)...\(range.upperBound)"
        guard let node = node(key) else { return try required(standard, key, wanted) }
        guard let value = node.int, range.contains(value) else { throw wrong(key, node, wanted) }
        return value
    }

    func number(
        _ key: String, in range: ClosedRange<Double>, default standard: Double? = nil
    ) throws(RecipeError) -> Double {
        let wanted = "a number in \(range.lowerBound)...\(range.upperBound)"
        guard let node = node(key) else { return try required(standard, key, wanted) }
        guard let value = node.float ?? node.int.map(Double.init), range.contains(value) else {
            throw wrong(key, node, wanted)
        }
        return value
    }

    func optionalNumber(_ key: String, in range: ClosedRange<Double>) throws(RecipeError) -> Double? {
        guard let node = node(key), node.null == nil else { return nil }
        return try number(key, in: range)
    }

    func flag(_ key: String, default standard: Bool) throws(RecipeError) -> Bool {
        guard let node = node(key) else { return standard }
        guard let value = node.bool else { throw wrong(key, node, "true or false") }
        return value
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Choice.Type, default standard: Choice? = nil
    ) throws(RecipeError) -> Choice where Choice.RawValue == String {
        let wanted = "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")
        guard let node = node(key) else { return try required(standard, key, wanted) }
        guard let value = node.scalar.flatMap({ Choice(rawValue: $0.string) }) else {
            throw wrong(key, node, wanted)
        }
        return value
    }

    private func required<Value>(
        _ value: Value?, _ key: String, _ wanted: String
    ) throws(RecipeError) -> Value {
        guard let value else { throw .missing(key, wanted: wanted) }
        return value
    }

    private func wrong(_ key: String, _ node: Node, _ wanted: String) -> RecipeError {
        let given = node.scalar.map { "'\($0.string)'" } ?? (node.mapping != nil ? "a mapping" : "a list")
        return .wrongValue(key: key, given: given, wanted: wanted)
    }
}
