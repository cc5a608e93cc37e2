import AviaryTrackingStore
import Hummingbird
import HummingbirdCore
import NIOCore

/// The objects of a long list, a page at a time.
protocol WireListSource: Sendable {
    /// The next objects; none at the end.
    mutating func page() async throws -> [WireObject]

    /// Where the client may go on; asked once all pages were had.
    var nextPageToken: String? { get }
}

/// A long list of which everything is in memory but its JSON.
struct WireList<Thing: Sendable>: WireListSource {
    private static var pageSize: Int { 250 }

    private var rest: ArraySlice<Thing>
    let nextPageToken: String?
    private let wire: @Sendable (Thing) -> WireObject

    init(_ things: [Thing], nextPageToken: String? = nil, _ wire: @escaping @Sendable (Thing) -> WireObject) {
        rest = things[...]
        self.nextPageToken = nextPageToken
        self.wire = wire
    }

    mutating func page() -> [WireObject] {
        defer { rest = rest.dropFirst(Self.pageSize) }
        return rest.prefix(Self.pageSize).map(wire)
    }
}

/// A long list that a search found, read while it is written.
struct FoundWireList<Thing: Sendable>: WireListSource {
    private var parts: FoundParts<Thing>
    let nextPageToken: String?
    private let wire: @Sendable (Thing) -> WireObject

    init(
        _ parts: FoundParts<Thing>, nextPageToken: String?, _ wire: @escaping @Sendable (Thing) -> WireObject
    ) {
        self.parts = parts
        self.nextPageToken = nextPageToken
        self.wire = wire
    }

    mutating func page() async throws -> [WireObject] { try await parts.next().map(wire) }
}

extension Response {
    private static var pieceByteCount: Int { 1 << 16 }

    /// An answer with one list, which is written in pieces.
    ///
    /// An empty list is left out, as nearly everywhere in the protocol, unless the endpoint writes it (`writesEmpty`).
    /// `field` is one that stands before the list.
    static func wireList(
        _ name: String, after field: (name: String, value: String)? = nil, writesEmpty: Bool = false,
        _ source: some WireListSource
    ) async throws -> Response {
        var source = source
        let first = try await source.page()  // what goes wrong before the first byte is told
        let rest = source
        let body = ResponseBody { writer in
            var source = rest
            var json = JSONWriter()
            var page = first
            let isWritten = writesEmpty || !page.isEmpty
            json.raw("{")
            if let field {
                json.raw("\"\(field.name)\":")
                json.text(field.value)
                if isWritten { json.raw(",") }
            }
            if isWritten { json.raw("\"\(name)\":[") }
            var isFirst = true
            while !page.isEmpty {
                for object in page {
                    if !isFirst { json.raw(",") }
                    isFirst = false
                    json.write(object.json)
                    guard json.bytes.count >= pieceByteCount else { continue }
                    try await writer.write(ByteBuffer(bytes: json.take()))
                }
                page = try await source.page()
            }
            json.finishList(isWritten: isWritten, nextPageToken: source.nextPageToken)
            try await writer.write(ByteBuffer(bytes: json.take()))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: jsonHeaders, body: body)
    }
}

extension JSONWriter {
    fileprivate mutating func finishList(isWritten: Bool, nextPageToken: String?) {
        if isWritten { raw("]") }
        if let nextPageToken {
            if isWritten { raw(",") }
            raw("\"next_page_token\":")
            text(nextPageToken)
        }
        raw("}")
    }
}
