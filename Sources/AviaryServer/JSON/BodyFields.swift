import AviaryTracking

/// The fields of a request's body, each read by its name; a mistake is told with it.
struct BodyFields {
    private let json: JSONValue

    /// Takes an object that has none but known fields.
    init(_ json: JSONValue, known: [String]) throws(APIError) {
        guard case .object(let members) = json else {
            throw APIError(.invalid, "the body: should be an object")
        }
        for member in members where !known.contains(member.key) {
            throw APIError(
                .invalid,
                "\(member.key.shortened()): is unknown; known: \(known.joined(separator: ", "))")
        }
        self.json = json
    }

    func text(_ name: String) throws(APIError) -> String {
        guard case .text(let text)? = json[name] else {
            throw APIError(.invalid, "\(name): should be a text")
        }
        return text
    }

    /// A text; `nil` if it is missing or null.
    func optionalText(_ name: String) throws(APIError) -> String? {
        switch json[name] {
        case nil, .null: nil
        default: try text(name)
        }
    }

    /// An object of texts; empty if it is missing or null.
    func texts(_ name: String) throws(APIError) -> [ExactKey: String] {
        let members: [JSONMember]
        switch json[name] {
        case nil, .null: return [:]
        case .object(let found): members = found
        default: throw APIError(.invalid, "\(name): should be an object of texts")
        }
        var texts: [ExactKey: String] = [:]
        for member in members {
            guard case .text(let text) = member.value else {
                throw APIError(.invalid, "\(name): '\(member.key.shortened())' should be a text")
            }
            texts[member.key] = text
        }
        return texts
    }
}
