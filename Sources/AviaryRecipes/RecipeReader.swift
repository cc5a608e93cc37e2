import Yams

/// Walks the mappings of a recipe by key path, and remembers what was asked, to refuse all other keys.
///
/// A class because the readings of all parts are remembered in one place.
final class RecipeReader {
    private let root: Node
    private var known: [[String]] = []

    init(_ text: String, named source: String, settings: [String]) throws(RecipeError) {
        var root = try Self.mapping(text, named: source)
        for setting in settings { root = try Self.applied(setting, to: root) }
        self.root = root
    }

    func text(_ key: String) throws(RecipeError) -> String? {
        guard let node = try given(key) else { return nil }
        guard let scalar = node.scalar else { throw wrong(key, node, "text") }
        return scalar.string
    }

    func integer(
        _ key: String, in range: ClosedRange<Int>, default standard: Int? = nil
    ) throws(RecipeError) -> Int {
        let wanted = Self.wholeNumber(range)
        guard let node = try node(key, orLeftOut: standard != nil) else {
            return try required(standard, key, wanted)
        }
        guard let value = node.int, range.contains(value) else { throw wrong(key, node, wanted) }
        return value
    }

    func integer(
        _ key: String, oneOf choices: [Int], default standard: Int? = nil
    ) throws(RecipeError) -> Int {
        let wanted = "one of " + choices.map(String.init).joined(separator: ", ")
        guard let node = try node(key, orLeftOut: standard != nil) else {
            return try required(standard, key, wanted)
        }
        guard let value = node.int, choices.contains(value) else { throw wrong(key, node, wanted) }
        return value
    }

    func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(RecipeError) -> Int? {
        guard try given(key) != nil else { return nil }
        return try integer(key, in: range)
    }

    func number(
        _ key: String, in range: ClosedRange<Double>, default standard: Double? = nil
    ) throws(RecipeError) -> Double {
        let wanted = "a number in \(range.lowerBound)...\(range.upperBound)"
        guard let node = try node(key, orLeftOut: standard != nil) else {
            return try required(standard, key, wanted)
        }
        guard let value = node.float ?? node.int.map(Double.init), range.contains(value) else {
            throw wrong(key, node, wanted)
        }
        return value
    }

    func optionalNumber(_ key: String, in range: ClosedRange<Double>) throws(RecipeError) -> Double? {
        guard try given(key) != nil else { return nil }
        return try number(key, in: range)
    }

    /// A list of two numbers, both in the range.
    func pair(
        _ key: String, in range: ClosedRange<Double>, default standard: (Double, Double)
    ) throws(RecipeError) -> (Double, Double) {
        guard let node = try given(key) else { return standard }
        let numbers = (node.sequence ?? []).compactMap { $0.float ?? $0.int.map(Double.init) }
        guard numbers.count == 2, node.sequence?.count == 2, numbers.allSatisfy(range.contains) else {
            throw wrong(
                key, node,
                "two numbers in \(range.lowerBound)...\(range.upperBound), as [\(standard.0), \(standard.1)]")
        }
        return (numbers[0], numbers[1])
    }

    func flag(_ key: String, default standard: Bool) throws(RecipeError) -> Bool {
        guard let node = try given(key) else { return standard }
        guard let value = node.bool else { throw wrong(key, node, "true or false") }
        return value
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Choice.Type, default standard: Choice? = nil
    ) throws(RecipeError) -> Choice where Choice.RawValue == String {
        let wanted = "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")
        guard let node = try node(key, orLeftOut: standard != nil) else {
            return try required(standard, key, wanted)
        }
        guard let value = node.scalar.flatMap({ Choice(rawValue: $0.string) }) else {
            throw wrong(key, node, wanted)
        }
        return value
    }

    /// Refuses every key that nobody asked for; called after all was read.
    func refuseUnknownKeys() throws(RecipeError) {
        try refuseUnknownKeys(in: root, at: [])
    }

    private func refuseUnknownKeys(in node: Node, at section: [String]) throws(RecipeError) {
        guard let mapping = node.mapping else { return }
        for (key, value) in mapping {
            let path = section + [key.string ?? "?"]
            if known.contains(path) { continue }
            guard known.contains(where: { $0.starts(with: path) }) else { throw unknown(path) }
            try refuseUnknownKeys(in: value, at: path)
        }
    }

    private func unknown(_ path: [String]) -> RecipeError {
        let section = Array(path.dropLast())
        let key = path[section.count]
        var siblings: [String] = []
        for other in known where other.count > section.count && other.starts(with: section) {
            if !siblings.contains(other[section.count]) { siblings.append(other[section.count]) }
        }
        let near = Spelling.nearest(to: key, among: siblings).map { section + [$0] }
        let elsewhere = known.first { $0.last == key }
        return .unknownKey(
            Self.joined(path), nearest: (near ?? elsewhere).map(Self.joined),
            known: siblings.map { Self.joined(section + [$0]) })
    }

    /// What stands at a key path; nil where it or a section on the way is left out.
    private func node(_ key: String) throws(RecipeError) -> Node? {
        let path = key.split(separator: ".").map(String.init)
        if !known.contains(path) { known.append(path) }
        var node = root
        for (depth, part) in path.enumerated() {
            guard let mapping = node.mapping else {
                if Self.isEmpty(node) { return nil }
                throw wrong(Self.joined(Array(path.prefix(depth))), node, "a mapping of keys to values")
            }
            guard let child = mapping[Node(part)] else { return nil }
            node = child
        }
        return node
    }

    /// The same, where an empty value or `null` also means left out.
    private func given(_ key: String) throws(RecipeError) -> Node? {
        try node(key).flatMap { Self.isEmpty($0) ? nil : $0 }
    }

    /// What stands at a key path; where the key may be left out, an empty value leaves it out.
    private func node(_ key: String, orLeftOut isOptional: Bool) throws(RecipeError) -> Node? {
        try isOptional ? given(key) : node(key)
    }

    /// A required value; where a key beside it looks like its misspelling, that one is named.
    private func required<Value>(
        _ value: Value?, _ key: String, _ wanted: String
    ) throws(RecipeError) -> Value {
        if let value { return value }
        let path = key.split(separator: ".").map(String.init)
        let section = path.dropLast().reduce(Optional(root)) { $0?.mapping?[Node($1)] }
        for other in section?.mapping?.keys.compactMap(\.string) ?? [] {
            let wrong = Array(path.dropLast()) + [other]
            guard !known.contains(wrong) else { continue }
            if Spelling.nearest(to: other, among: [path[path.count - 1]]) != nil { throw unknown(wrong) }
        }
        throw .missing(key, wanted: wanted)
    }

    private func wrong(_ key: String, _ node: Node, _ wanted: String) -> RecipeError {
        .wrongValue(key: key, given: Self.shown(node), wanted: wanted)
    }

    static func shown(_ node: Node) -> String {
        guard let scalar = node.scalar else { return node.mapping != nil ? "a mapping" : "a list" }
        if isEmpty(node) { return "empty" }
        let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
        return isQuoted ? "the text '\(scalar.string)'" : "'\(scalar.string)'"
    }

    private static func isEmpty(_ node: Node) -> Bool { node.null != nil }

    private static func joined(_ path: [String]) -> String { path.joined(separator: ".") }

    private static func wholeNumber(_ range: ClosedRange<Int>) -> String {
        "a whole number in \(range.lowerBound)...\(range.upperBound)"
    }
}
