import Yams

/// Reads a catalogue, field by field, so that an error names the field.
struct CatalogueReader {
    private static let keys = [
        "name", "summary", "task", "dataset", "licence", "parameters", "figures", "weights", "recipe", "run",
    ]

    let origin: String

    func entries(of yaml: String) throws(CatalogueError) -> [CatalogueEntry] {
        let fields = CatalogueFields(try root(of: yaml), at: "", origin: origin)
        try fields.allow(["models"])
        var entries: [CatalogueEntry] = []
        for model in try fields.list("models") {
            let entry = try self.entry(model)
            if entries.contains(where: { $0.name == entry.name }) {
                throw model.wrong("name", "'\(entry.name)' stands there twice")
            }
            if entries.contains(where: { $0.weights.file == entry.weights.file }) {
                throw model.wrong("weights.file", "'\(entry.weights.file)' belongs to another model")
            }
            entries.append(entry)
        }
        return entries
    }

    private func root(of yaml: String) throws(CatalogueError) -> Node? {
        do {
            return try compose(yaml: yaml)
        } catch {
            let firstLine = "\(error)".split(separator: "\n").first.map { String($0) } ?? "no YAML"
            throw .unreadable(origin: origin, detail: firstLine)
        }
    }

    private func entry(_ model: CatalogueFields) throws(CatalogueError) -> CatalogueEntry {
        try model.allow(Self.keys)
        return CatalogueEntry(
            name: try model.text("name", fits: Self.isName, "lower-case letters, digits and '-'"),
            summary: try model.text("summary"),
            task: try model.text("task"),
            dataset: try model.text("dataset"),
            licence: try model.text("licence"),
            parameterCount: Int(try model.count("parameters")),
            figures: try model.numbers("figures"),
            weights: try weights(try model.fields("weights")),
            recipe: try model.text("recipe", fits: Self.isName, "lower-case letters, digits and '-'"),
            run: try model.optionalText("run"))
    }

    private func weights(_ weights: CatalogueFields) throws(CatalogueError) -> CatalogueEntry.Weights {
        try weights.allow(["file", "bytes", "sha256", "sources"])
        return CatalogueEntry.Weights(
            file: try weights.text("file", fits: Self.isFileName, "a file name of letters, digits, '.-_'"),
            byteCount: try weights.count("bytes"),
            sha256: try weights.text("sha256", fits: Self.isDigest, "64 lower-case hexadecimal digits"),
            sources: try weights.texts("sources"))
    }

    private static func isName(_ text: String) -> Bool {
        text.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isFileName(_ text: String) -> Bool {
        text.utf8.first != UInt8(ascii: ".")
            && text.utf8.allSatisfy { isLower($0 | 0x20) || isDigit($0) || ".-_".utf8.contains($0) }
    }

    private static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    }

    private static func isLower(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
