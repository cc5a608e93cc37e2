/// Where the next page of a list begins, in a text that means nothing to clients.
package struct PageToken: Sendable, Equatable {
    /// How many rows the pages before have.
    package let offset: Int

    package init(offset: Int) {
        self.offset = offset
    }

    /// Reads what a client sends back; no text, and an empty one, is the first page.
    package init(_ text: String?) throws(MLflowError) {
        guard let text, !text.isEmpty else {
            self.init(offset: 0)
            return
        }
        let json = try Self.json(in: text)
        guard let member = json["offset"], member != .text("") else { throw Self.unread(json) }
        if case .text(let text) = member, member.wireInteger == nil {
            throw .invalid("Invalid page token, not stringable \(text.shortened())")
        }
        guard let offset = member.wireInteger, offset >= 0 else { throw Self.unread(json) }
        self.init(offset: Int(offset))
    }

    /// The text that asks for the page behind one; `nil` where none is.
    static func next(after offset: Int, limit: Int, if hasMore: Bool) -> String? {
        hasMore ? PageToken(offset: offset + limit).text : nil
    }

    package var text: String { Self.text(["offset": .integer(Int64(offset))]) }

    private static func unread(_ json: JSONValue) -> MLflowError {
        .invalid("Invalid page token, parsed value=\(json.messageText)")
    }

    /// A token that holds more than an offset, as that of a search that remembers its question.
    static func text(_ json: JSONValue) -> String {
        var writer = JSONWriter()
        writer.write(json)
        return Base64.encode(writer.bytes)
    }

    static func json(in text: String) throws(MLflowError) -> JSONValue {
        guard let bytes = Base64.decode(text) else {
            throw .invalid("Invalid page token, could not base64-decode")
        }
        do throws(JSONError) {
            return try JSONReader.read(bytes)
        } catch {
            throw .invalid("Invalid page token, decoded value=\(bytes.pythonLiteral.shortened())")
        }
    }
}
