import Foundation
import Testing

/// The public names that compute, read from the sources line by line.
///
/// What is public stands at the start of a line or, in a type or its extension, four spaces in.
struct PublicNames {
    /// Each name with the file that declares it; overloads are one name.
    private(set) var files: [String: String] = [:]
    /// The cases of each public enum.
    private(set) var cases: [String: [String]] = [:]

    private static let modules = [
        "AviaryTensors", "AviaryAutograd", "AviaryLayers", "AviaryModels", "AviaryOptimizers",
    ]
    /// Types whose members compute; of others the type itself has a row.
    private static let watched: Set = [
        "Tensor", "RandomStream", "RowGradient", "Variable", "Initialisation", "Nonlinearity",
    ]
    /// Enums whose cases have a row each.
    private static let rowsOfCases: Set = ["Schedule", "Initialisation"]
    /// Members that only tell what is there.
    private static let telling: Set = [
        "Tensor.shape", "Tensor.dtype", "Tensor.count", "Tensor.values", "Tensor.scalar",
        "RowGradient.rows", "RowGradient.values", "RowGradient.rowCount", "RowGradient.shape",
        "RandomStream.position", "RandomStream.skip", "RandomStream.skipped",
        "Variable.tensor", "Variable.pass", "Variable.shape", "Variable.needsGradient", "Variable.detached",
        "Variable.backward",
    ]

    init(below root: URL) throws {
        for module in Self.modules {
            let folder = root.appendingPathComponent("Sources/\(module)")
            for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
            where path.hasSuffix(".swift") {
                let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
                read(text.components(separatedBy: "\n"), of: "Sources/\(module)/\(path)", in: module)
            }
        }
        for name in Self.telling.subtracting(files.keys) {
            Issue.record("PublicNames leaves out `\(name)`, which no source declares")
        }
        for name in Self.telling { files[name] = nil }
    }

    private mutating func read(_ lines: [String], of file: String, in module: String) {
        var owner: String?
        for line in lines {
            if line.hasPrefix("}") { owner = nil }
            #expect(!line.hasPrefix("public extension"), "\(file): its members cannot be told to be public")
            guard let first = line.first, first != "/", first == " " || owner == nil else { continue }
            if first != " ", let type = opened(line) {
                owner = line.hasSuffix("{") ? type.name : nil
                if isRow(type.name, type.rest, line, in: module) { files[type.name] = file }
            } else if first != " ", let name = function(line) {
                files[name] = file
            }
            guard let owner else { continue }
            if line.contains("public "), Self.watched.contains(owner), let name = member(line) {
                files["\(owner).\(name)"] = file
            }
            guard line.hasPrefix("    case "),
                let name = line.prefixMatch(of: #/ {4}case (\w+)/#).map({ String($0.1) })
            else { continue }
            cases[owner, default: []].append(name)
            if Self.rowsOfCases.contains(owner) { files["\(owner).\(name)"] = file }
        }
    }

    private func isRow(
        _ name: String, _ rest: Substring, _ line: String, in module: String
    ) -> Bool {
        if ["AviaryLayers", "AviaryModels"].contains(module) {
            let conforms = rest.contains(#/:.*\b(Layer|Module)\b/#) && !line.contains("protocol ")
            return name == "Fans" || conforms && line.contains(#/public |extension /#)
        }
        let isType = line.contains(#/public (?:final )?(?:struct|class|actor) /#)
        return module == "AviaryOptimizers" && isType && !rest.contains("Error")
    }

    /// The type or extension that a line opens, and what stands behind its name.
    private func opened(_ line: String) -> (name: String, rest: Substring)? {
        let type =
            #/(?:@\w+ )*(?:\w+ )*(?:extension|struct|class|enum|actor|protocol) (?<name>\w+)(?<rest>[^{]*)/#
        return line.prefixMatch(of: type).map { (String($0.name), $0.rest) }
    }

    private func function(_ line: String) -> String? {
        line.prefixMatch(of: #/(?:@\w+ )*public (?:\w+ )*func (\w+|[^\s\w(]+)/#).map { String($0.1) }
    }

    private func member(_ line: String) -> String? {
        let member = #/ {4}(?:@\w+ )*public (?:\w+ )*(?:func |var |let |(?=subscript))(\w+|[^\s\w(]+)/#
        return line.prefixMatch(of: member).map { String($0.1) }
    }
}
