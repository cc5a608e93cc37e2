import Foundation
import Testing

/// docs/operations.md has a row for every public name that computes, and every row an oracle that is there.
struct OperationTableTests {
    private let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func `every public name has a row, and every row a public name`() throws {
        let (rows, declared) = (try rows(), try declaredNames())
        #expect(declared.count > 120, "the sources were not read")
        let named = Dictionary(grouping: rows, by: \.name)
        for (name, file) in declared.sorted(by: { $0.key < $1.key }) where named[name] == nil {
            Issue.record(
                """
                docs/operations.md has no row for `\(name)`, which \(file) declares. A row is:
                | `\(name)` | what it is in one line | reals | yes | `script.py` `Module/fixture.json` `case` | yes |
                """)
        }
        for (name, same) in named {
            #expect(same.count == 1, "docs/operations.md has \(same.count) rows for `\(name)`")
            #expect(
                declared[name] != nil, "docs/operations.md has a row for `\(name)`, which no source declares")
        }
    }

    @Test func `every row's oracle has its script, its fixture and its case`() throws {
        for row in try rows() {
            if row.oracle.hasPrefix("none: ") {
                #expect(row.oracle.count > "none: ".count + 5, "`\(row.name)`: why is there no oracle?")
                continue
            }
            for oracle in row.oracle.components(separatedBy: "; ") { try check(oracle, of: row.name) }
        }
    }

    private func check(_ oracle: String, of name: String) throws {
        let parts = oracle.matches(of: #/`([^`]+)`/#).map { String($0.1) }
        guard parts.count == 2 || parts.count == 3, parts[1].contains("/") else {
            Issue.record(
                "`\(name)`: \(oracle) is not: `script.py` `Module/fixture.json` `case`, the case may lack")
            return
        }
        let script = root.appendingPathComponent("Tests/Oracles/\(parts[0])")
        #expect(
            FileManager.default.fileExists(atPath: script.path), "`\(name)`: Tests/Oracles has no \(parts[0])"
        )
        let place = parts[1].split(separator: "/", maxSplits: 1)
        let path = "Tests/\(place[0])/Fixtures/\(place[1])"
        guard let text = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) else {
            Issue.record("`\(name)`: there is no \(path)")
            return
        }
        #expect(text.contains("\"Tests/Oracles/\(parts[0])\""), "`\(name)`: \(path) is of another script")
        guard parts.count == 3 else { return }
        // "operation", "kind", "optimizer", "name": whichever names the cases of this fixture.
        #expect(text.contains("\": \"\(parts[2])\""), "`\(name)`: \(path) has no case of \(parts[2])")
    }

    // MARK: The table

    private struct Row {
        let name: String
        let oracle: String
    }

    /// The rows whose first cell is a name: "| `name` | what | elements | gradient | oracle | differences |".
    private func rows() throws -> [Row] {
        let page = try String(contentsOf: root.appendingPathComponent("docs/operations.md"), encoding: .utf8)
        return page.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("| `") else { return nil }
            let cells = line.dropFirst(2).components(separatedBy: " | ")
            guard cells.count == 6 else {
                Issue.record("docs/operations.md: a row has six cells, not \(cells.count): \(line)")
                return nil
            }
            return Row(name: cells[0].filter { $0 != "`" }, oracle: cells[4])
        }
    }

    // MARK: The sources, read line by line: what is public stands at the start of a line or in an extension

    /// Each name with the file that declares it; overloads are one name.
    private func declaredNames() throws -> [String: String] {
        var names: [String: String] = [:]
        for file in try swiftFiles(["AviaryAutograd", "AviaryLayers", "AviaryModels", "AviaryOptimizers"]) {
            let text = try String(contentsOf: root.appendingPathComponent(file), encoding: .utf8)
            for name in declarations(in: text, of: file) { names[name] = file }
        }
        return names
    }

    private func swiftFiles(_ modules: [String]) throws -> [String] {
        try modules.flatMap { module in
            try FileManager.default.subpathsOfDirectory(atPath: root.path + "/Sources/\(module)").sorted()
                .filter { $0.hasSuffix(".swift") }.map { "Sources/\(module)/\($0)" }
        }
    }

    private func declarations(in text: String, of file: String) -> [String] {
        let lines = text.components(separatedBy: "\n")
        if file.hasPrefix("Sources/AviaryAutograd/") {
            let functions = file.contains("/Operations/") ? lines.compactMap(functionName) : []
            return functions + membersOfVariable(lines)
        }
        if file.hasPrefix("Sources/AviaryOptimizers/") {
            let isSchedule = file.hasSuffix("/Schedule.swift")
            let schedules = isSchedule ? lines.compactMap(caseName).map { "Schedule.\($0)" } : []
            return schedules + lines.compactMap(functionName)
                + lines.compactMap { typeName($0) { !$0.contains("Error") } }
        }
        return lines.compactMap { typeName($0) { $0.contains(#/\b(Layer|Module)\b/#) } }
    }

    private func functionName(_ line: String) -> String? {
        (line.prefixMatch(of: #/public (?:prefix )?func ([^\s(<]+)/#)?.1).map { String($0) }
    }

    private func caseName(_ line: String) -> String? {
        (line.prefixMatch(of: #/ {4}case (\w+)/#)?.1).map { String($0) }
    }

    /// A type's name if what it conforms to is wanted.
    private func typeName(_ line: String, _ isWanted: (Substring) -> Bool) -> String? {
        guard let found = line.prefixMatch(of: #/public (?:struct|final class) (\w+)([^{]*)/#) else {
            return nil
        }
        return isWanted(found.2) ? String(found.1) : nil
    }

    private func membersOfVariable(_ lines: [String]) -> [String] {
        var isInside = false
        return lines.compactMap { line in
            if line.contains(#/^(package |public )?extension /#) {
                isInside = line.contains("extension Variable {")
            }
            if line.hasPrefix("}") { isInside = false }
            guard isInside, let found = line.prefixMatch(of: #/ {4}public (?:func|var) ([^\s(<:]+)/#) else {
                return nil
            }
            return "Variable.\(found.1)"
        }
    }
}
