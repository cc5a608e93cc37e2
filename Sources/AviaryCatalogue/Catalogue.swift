/// The models that can be had.
public struct Catalogue: Sendable, Equatable {
    /// In the order of the file.
    public let entries: [CatalogueEntry]
    /// The YAML it was read from.
    public let yaml: String

    /// Reads and checks a catalogue; `origin` names it in errors.
    public init(yaml: String, origin: String) throws(CatalogueError) {
        entries = try CatalogueReader(origin: origin).entries(of: yaml)
        self.yaml = yaml
    }

    /// The catalogue inside the program.
    public static func embedded() throws(CatalogueError) -> Catalogue {
        try Catalogue(yaml: ZooFile.text(at: "catalogue.yml") ?? "", origin: "inside the program")
    }

    /// The entry of that name.
    public func entry(named name: String) throws(CatalogueError) -> CatalogueEntry {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw .unknownModel(name, known: entries.map(\.name))
        }
        return entry
    }

    /// What is to be known of a model, in Markdown; `nil` if nobody wrote it down.
    public func card(of entry: CatalogueEntry) -> String? {
        ZooFile.text(at: "cards/\(entry.name).md")
    }
}
