import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Hummingbird
import HummingbirdCore

/// What every list takes: how many things, from where on, which ones, in which order.
struct ListQuestion {
    private static let pageLimit = 1000
    private static let usualPage = 100

    /// The query items that a list takes; those of a search besides.
    static let pageItems = ["limit", "cursor"]
    static let searchItems = pageItems + ["filter", "order"]

    let limit: Int
    /// An earlier page's `next`.
    let cursor: String?
    /// In the search language; `nil` fits everything.
    private let filter: String?
    /// Clauses in the search language.
    private let order: [String]

    init(_ request: Request) throws {
        limit = try Self.limit(request)
        cursor = try request.query("cursor")
        filter = try request.query("filter")
        order = try request.queries("order")
    }

    /// Whether a filter or an order is given.
    var isSearch: Bool { filter != nil || !order.isEmpty }

    /// How many things a search passes over: what its cursor is.
    func offset() throws(APIError) -> Int {
        guard let cursor else { return 0 }
        guard let offset = Int64(digits: cursor) else {
            throw APIError(
                .invalid, "cursor: '\(cursor.shortened())' is not one that this list gave")
        }
        return Int(offset)
    }

    /// The cursor behind what a search found.
    func next<Thing>(after found: Found<Thing>) throws(APIError) -> JSONValue {
        found.hasMore ? .text(String(try offset() + limit)) : .null
    }

    /// The filter, read; `now()` is when it is.
    func filter<Kind: SearchKind>(of kind: Kind.Type) throws(APIError) -> SearchTree<Kind.Test> {
        do throws(SearchError) {
            return try kind.filter(filter ?? "", dialect: .native, now: Timestamp.now.milliseconds)
        } catch {
            throw APIError(.invalid, "filter: \(error)")
        }
    }

    /// The order, read.
    func order<Kind: SearchKind>(of kind: Kind.Type) throws(APIError) -> [SearchOrder<Kind.Field>] {
        do throws(SearchError) {
            return try kind.nativeOrder(order)
        } catch {
            throw APIError(.invalid, "order: \(error)")
        }
    }

    /// An answer that depends on the whole store, and perhaps on the time of day.
    func response(
        to request: Request, _ tags: AnswerTags, _ json: () async throws -> JSONValue
    ) async throws -> Response {
        // What is two hours ago is another moment each time, which no tag says.
        guard !asksForNow else { return .json(try await json()) }
        return try await tags.response(to: request, json)
    }

    /// Whether the filter may have a moment that depends on now.
    private var asksForNow: Bool { filter?.lowercased().contains("now") ?? false }

    private static func limit(_ request: Request) throws -> Int {
        guard let text = try request.query("limit") else { return usualPage }
        guard let limit = Int64(digits: text), (1...Int64(pageLimit)).contains(limit) else {
            throw APIError(
                .invalid, "limit: '\(text.shortened())' is not a number within 1 to \(pageLimit)")
        }
        return Int(limit)
    }
}

extension Request {
    /// Which things are meant; those that are not in the trash if nothing is said.
    func lifecycle() throws -> Lifecycle {
        switch try query("lifecycle") {
        case nil, "active": return .active
        case "deleted": return .deleted
        case "any": return .any
        case let text?:
            throw APIError(
                .invalid, "lifecycle: '\(text.shortened())' is none of active, deleted, any")
        }
    }
}
