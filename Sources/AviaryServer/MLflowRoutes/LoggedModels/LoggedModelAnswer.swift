import AviaryTrackingStore
import Hummingbird
import HummingbirdCore
import NIOCore

/// Models with all that was measured of them, written in pieces: a training may measure its model at every step.
struct LoggedModelAnswer: Sendable {
    private let store: SQLiteStore

    init(_ store: SQLiteStore) {
        self.store = store
    }

    func one(_ model: LoggedModel) -> Response {
        response([model], opening: "{\"model\":", closing: "}")
    }

    /// An empty list is left out.
    func list(_ found: FoundParts<LoggedModel>, nextPageToken: String?) async throws -> Response {
        var found = found
        let models = try await found.next()  // what goes wrong before the first byte is told
        guard !models.isEmpty else { return response([], opening: "{", closing: "}") }
        var closing = JSONWriter()
        closing.raw("]")
        if let nextPageToken {
            closing.raw(",\"next_page_token\":")
            closing.text(nextPageToken)
        }
        closing.raw("}")
        return response(
            models, found, opening: "{\"models\":[", closing: String(decoding: closing.bytes, as: UTF8.self))
    }

    private func response(
        _ models: [LoggedModel], _ others: FoundParts<LoggedModel>? = nil, opening: String, closing: String
    ) -> Response {
        let pieces = LoggedModelPieces(store, models, others, opening: opening, closing: closing)
        let body = ResponseBody { writer in
            var pieces = pieces
            while let piece = try await pieces.next() { try await writer.write(piece) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: Response.jsonHeaders, body: body)
    }
}

/// The JSON of models with commas between, their points read a page at a time.
private struct LoggedModelPieces: Sendable {
    private static let byteCount = 1 << 16
    private static let pointsPerPage = 1000

    private let store: SQLiteStore
    private let closing: String
    private var rest: ArraySlice<LoggedModel>
    /// What comes behind these, not read yet.
    private var others: FoundParts<LoggedModel>?
    private var json = JSONWriter()
    private var separator = ""
    /// The model that is begun, and the last of its points that were written.
    private var current: (model: LoggedModel, last: LoggedModelPointCursor?)?
    private var isClosed = false

    init(
        _ store: SQLiteStore, _ models: [LoggedModel], _ others: FoundParts<LoggedModel>?, opening: String,
        closing: String
    ) {
        (self.store, self.closing, rest, self.others) = (store, closing, models[...], others)
        json.raw(opening)
    }

    /// The next bytes; `nil` at the end.
    mutating func next() async throws -> ByteBuffer? {
        while !isClosed, json.bytes.count < Self.byteCount { try await writeMore() }
        let bytes = json.take()
        return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
    }

    private mutating func writeMore() async throws {
        if let (model, last) = current { return try await writePoints(of: model, after: last) }
        if rest.isEmpty { rest = try await others?.next()[...] ?? [] }
        if let model = rest.popFirst() {
            begin(model)
        } else {
            json.raw(closing)
            isClosed = true
        }
    }

    private mutating func begin(_ model: LoggedModel) {
        json.raw(separator)
        separator = ","
        json.raw("{\"info\":")
        json.write(model.wireInfo.json)
        json.raw(",\"data\":{")
        if !model.params.isEmpty {
            json.raw("\"params\":")
            json.write(.pairs(model.params))
        }
        current = (model, nil)
    }

    private mutating func writePoints(
        of model: LoggedModel, after last: LoggedModelPointCursor?
    ) async throws {
        let page = try await store.points(ofLoggedModel: model.id, after: last, limit: Self.pointsPerPage)
        let opening = model.params.isEmpty ? "\"metrics\":[" : ",\"metrics\":["
        for (index, point) in page.points.enumerated() {
            json.raw(index == 0 && last == nil ? opening : ",")
            json.write(point.wire(ofModel: model.id).json)
        }
        if let next = page.next {
            current = (model, next)
        } else {
            json.raw(last == nil && page.points.isEmpty ? "}}" : "]}}")
            current = nil
        }
    }
}
