import AviaryCatalogue
import Hummingbird

struct ModelRoutes {
    let catalogue: Catalogue

    func add(to router: Router<ServerContext>) {
        router.get("/api/v1/models") { _, _ -> Response in
            let models = catalogue.entries.map { JSONValue.object(Self.members(of: $0)) }
            return .json(["models": .array(models), "next": .null])
        }
        router.get("/api/v1/models/:name") { _, context -> Response in
            let name = context.parameters.get("name") ?? ""
            let entry = try catalogue.entry(named: PercentEncoding.decode(name) ?? name)
            let card = JSONMember(key: "card", value: .optional(catalogue.card(of: entry)))
            return .json(.object(Self.members(of: entry) + [card]))
        }
    }

    private static func members(of entry: CatalogueEntry) -> [JSONMember] {
        let members: [(String, JSONValue)] = [
            ("name", .text(entry.name)),
            ("summary", .text(entry.summary)),
            ("task", .text(entry.task)),
            ("dataset", .text(entry.dataset)),
            ("licence", .text(entry.licence)),
            ("parameters", .integer(Int64(entry.parameterCount))),
            ("figures", .sorted(entry.figures) { .number($0) }),
            ("bytes", .integer(entry.weights.byteCount)),
            ("sha256", .text(entry.weights.sha256)),
            ("recipe", .text(entry.recipe)),
            ("run", .optional(entry.run)),
        ]
        return members.map { JSONMember(key: $0.0, value: $0.1) }
    }
}
