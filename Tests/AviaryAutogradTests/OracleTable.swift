import Foundation
import Testing

/// The rows of docs/operations.md, and the cases of the fixtures that they name.
struct OracleTable {
    /// "| `name` | what | elements | gradient | oracle | differences |".
    struct Row {
        let section, name, elements, gradient, oracle, differences: String
        /// The row's own say why it has no oracle.
        var hasOracle: Bool { !oracle.hasPrefix("none: ") }
    }

    /// An object of a fixture.
    typealias Case = [String: Any]

    let rows: [Row]
    private let root: URL
    private var objects: [String: [Case]] = [:]

    init(below root: URL) throws {
        self.root = root
        let page = try String(contentsOf: root.appendingPathComponent("docs/operations.md"), encoding: .utf8)
        var section = ""
        rows = page.split(separator: "\n").compactMap { line in
            if line.hasPrefix("## ") { section = String(line.dropFirst(3)) }
            guard line.hasPrefix("| `") else { return nil }
            let cells = line.dropFirst(2).components(separatedBy: " | ")
            guard cells.count == 6 else {
                Issue.record("docs/operations.md: a row has six cells, not \(cells.count): \(line)")
                return nil
            }
            return Row(
                section: section, name: cells[0].filter { $0 != "`" && $0 != "\\" }, elements: cells[2],
                gradient: cells[3], oracle: cells[4],
                differences: cells[5].trimmingCharacters(in: CharacterSet(charactersIn: " |")))
        }
    }

    /// What the row's fixtures hold of it: the cases that it names, or all; fails where there are none.
    mutating func cases(of row: Row) throws -> [Case] {
        try row.oracle.components(separatedBy: "; ").flatMap { try cases(of: row.name, $0) }
    }

    private mutating func cases(of name: String, _ oracle: String) throws -> [Case] {
        let parts = oracle.matches(of: #/`([^`]+)`/#).map { String($0.1) }
        guard parts.count == 2 || parts.count == 3, parts[1].contains("/") else {
            Issue.record(
                "`\(name)`: \(oracle) is not: `script.py` `Module/fixture.json` `case`, the case may lack")
            return []
        }
        let script = root.appendingPathComponent("Tests/Oracles/\(parts[0])")
        #expect(
            FileManager.default.fileExists(atPath: script.path), "`\(name)`: Tests/Oracles has no \(parts[0])"
        )
        let place = parts[1].split(separator: "/", maxSplits: 1)
        let path = "Tests/\(place[0])/Fixtures/\(place[1])"
        guard let all = try objects(of: path) else {
            Issue.record("`\(name)`: there is no \(path)")
            return []
        }
        #expect(
            all.contains { $0["script"] as? String == "Tests/Oracles/\(parts[0])" },
            "`\(name)`: \(path) is of another script")
        guard parts.count == 3 else { return all }
        let keys = ["operation", "kind", "optimizer", "schedule", "name"]
        let found = all.filter { object in keys.contains { object[$0] as? String == parts[2] } }
        #expect(!found.isEmpty, "`\(name)`: \(path) has no case of \(parts[2])")
        return found
    }

    /// Every object in a fixture, however deep; `nil` where there is no such file.
    private mutating func objects(of path: String) throws -> [Case]? {
        if let known = objects[path] { return known }
        let url = root.appendingPathComponent(path)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let found = Self.objects(in: try JSONSerialization.jsonObject(with: Data(contentsOf: url)))
        objects[path] = found
        return found
    }

    private static func objects(in value: Any) -> [Case] {
        if let object = value as? Case { return [object] + object.values.flatMap { objects(in: $0) } }
        // Numbers hold nothing, and are most of a fixture.
        guard let list = value as? [Any], list.first is Case || list.first is [Any] || list.first is NSNull
        else {
            return []
        }
        return list.flatMap { objects(in: $0) }
    }

    /// All texts under a key, however deep.
    static func texts(_ key: String, in cases: [Case]) -> Set<String> {
        Set(cases.flatMap { objects(in: $0) }.compactMap { $0[key] as? String })
    }

    /// Whether the case says what goes back to an input.
    static func hasGradient(_ example: Case) -> Bool {
        guard let gradients = example["gradients"] as? [Any] else { return false }
        return gradients.contains { $0 is Case }
    }

    /// Whether its gradient is also compared with differences: it has elements in f64, and no corner or tie.
    static func isSmooth(_ example: Case) -> Bool {
        guard let output = example["output"] as? Case, let values = output["values"] as? [Any] else {
            return false
        }
        return !values.isEmpty && example["smooth"] as? Bool != false && hasGradient(example)
            && texts("dtype", in: [example]).contains("f64")
    }
}
