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

    /// A list of texts.
    func textList(_ name: String) throws(APIError) -> [String] {
        let wrong = APIError(.invalid, "\(name): should be a list of texts")
        guard case .array(let elements)? = json[name] else { throw wrong }
        var texts: [String] = []
        for element in elements {
            guard case .text(let text) = element else { throw wrong }
            texts.append(text)
        }
        return texts
    }

    /// An integer; `nil` if it is missing or null.
    func optionalInteger(_ name: String) throws(APIError) -> Int64? {
        switch json[name] {
        case nil, .null: return nil
        case .integer(let value): return value
        default: throw APIError(.invalid, "\(name): should be an integer")
        }
    }

    /// One of a few words; `nil` if it is missing.
    func word<Value>(_ name: String, of words: [(String, Value)]) throws(APIError) -> Value? {
        guard let given = json[name] else { return nil }
        guard let known = words.first(where: { given == .text($0.0) }) else {
            let names = words.map(\.0).joined(separator: ", ")
            throw APIError(.invalid, "\(name): takes \(names)")
        }
        return known.1
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
