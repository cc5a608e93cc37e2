import NIOCore

/// One event of a stream (HTML standard, section 9.2).
struct ServerSentEvent: Sendable {
    let name: String
    let id: EventPosition
    let data: JSONValue

    var buffer: ByteBuffer {
        var json = JSONWriter()
        json.raw("id: \(id.text)\nevent: \(name)\ndata: ")
        json.write(data)  // has no line breaks
        json.raw("\n\n")
        return ByteBuffer(bytes: json.bytes)
    }

    /// No event, but what a browser sends as Last-Event-ID the next time.
    static func opening(_ id: EventPosition) -> ByteBuffer { ByteBuffer(string: "id: \(id.text)\n\n") }

    /// Nothing happened; writing it finds out who has gone.
    static let heartbeat = ByteBuffer(string: ": alive\n\n")
}
