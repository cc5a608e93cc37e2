import AviarySearchGrammar
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
    let filter: String?
    /// A key each, in the search language.
    let order: [String]

    init(_ request: Request) throws {
        limit = try Self.limit(request)
        cursor = try request.query("cursor")
        filter = try request.query("filter")
        order = try request.queries("order")
    }

    /// Whether the filter may have a moment that depends on now.
    var asksForNow: Bool { filter?.lowercased().contains("now") ?? false }

    /// How many things a search passes over: what its cursor is.
    func offset() throws -> Int {
        guard let cursor else { return 0 }
        guard cursor.utf8.allSatisfy({ (48...57).contains($0) }), let offset = Int(cursor) else {
            throw APIError(
                .invalid, "cursor: '\(cursor.shortened())' is not one that this list gave")
        }
        return offset
    }

    /// The cursor behind what a search found.
    func next<Thing>(after found: Found<Thing>) throws -> JSONValue {
        found.hasMore ? .text(String(try offset() + limit)) : .null
    }

    /// The filter, read.
    func filter<Test>(
        _ read: (String) throws(SearchError) -> SearchTree<Test>
    ) throws(APIError) -> SearchTree<Test> {
        do throws(SearchError) {
            return try read(filter ?? "")
        } catch {
            throw APIError(.invalid, "filter: \(error)")
        }
    }

    /// The order, read.
    func order<Order>(_ read: ([String]) throws(SearchError) -> [Order]) throws(APIError) -> [Order] {
        do throws(SearchError) {
            return try read(order)
        } catch {
            throw APIError(.invalid, "order: \(error)")
        }
    }

    private static func limit(_ request: Request) throws -> Int {
        guard let text = try request.query("limit") else { return usualPage }
        guard let limit = Int(text), (1...pageLimit).contains(limit) else {
            throw APIError(
                .invalid, "limit: '\(text.shortened())' is not a number within 1 to \(pageLimit)")
        }
        return limit
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
