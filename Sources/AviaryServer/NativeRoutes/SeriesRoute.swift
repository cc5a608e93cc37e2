import AviaryTracking
import AviaryTrackingStore
import Hummingbird
import HummingbirdCore
import NIOCore

/// Many series in buckets, for charts.
struct SeriesRoute {
    private static let pieceByteCount = 1 << 16

    let store: SQLiteStore

    func add(to router: Router<ServerContext>) {
        router.post("/api/v1/series") { request, _ -> Response in
            let question = try SeriesQuestion(json: try await request.json())
            return Self.response(try await store.series(question))
        }
    }

    /// Written in pieces: a million buckets are a hundred megabytes.
    private static func response(_ answers: [SeriesAnswer]) -> Response {
        let body = ResponseBody { writer in
            var json = JSONWriter()
            json.raw("{\"series\":[")
            for (index, answer) in answers.enumerated() {
                if index > 0 { json.raw(",") }
                json.write(answer)
                guard json.bytes.count >= pieceByteCount else { continue }
                try await writer.write(ByteBuffer(bytes: json.take()))
            }
            json.raw("]}")
            try await writer.write(ByteBuffer(bytes: json.take()))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: Response.jsonHeaders, body: body)
    }
}

extension JSONWriter {
    mutating func write(_ answer: SeriesAnswer) {
        raw("{\"run\":\"\(answer.run)\",\"key\":")
        text(answer.key)
        raw(",\"width\":\(answer.width),\"buckets\":[")
        for (index, bucket) in answer.buckets.enumerated() {
            if index > 0 { raw(",") }
            write(bucket)
        }
        raw("]}")
    }

    private mutating func write(_ bucket: Bucket) {
        raw("{\"x\":\(bucket.x),\"count\":\(bucket.count),\"nan\":\(bucket.nanCount),\"first\":")
        number(bucket.first)
        raw(",\"last\":")
        number(bucket.last)
        raw(",\"min\":")
        write(.optional(bucket.min))
        raw(",\"max\":")
        write(.optional(bucket.max))
        raw(",\"mean\":")
        write(.optional(bucket.mean))
        raw("}")
    }
}
