/// The fields of one message that a client sent, from a JSON object or a query.
///
/// An endpoint reads them in the order in which the protocol lists them: when several are wrong, the first one
/// is told, as MLflow does. Names come in snake case or in lower camel case, null is as good as missing, and
/// unknown fields are overlooked. What does not fit its type is refused; MLflow takes some of it for 0.
package struct WireFields: Sendable {
    private enum Form {
        case message
        /// All values are texts, and a name may stand there several times.
        case query
    }

    /// Names are as they came.
    private let members: [JSONMember]
    private let form: Form
    /// Fields that stand in the address, as the id in `/logged-models/:model_id`; they win.
    private let captures: [String: String]
    /// What messages put before a field's name, as `metrics[0].`.
    private let prefix: String

    private init(
        _ members: [JSONMember], _ form: Form, captures: [String: String] = [:], prefix: String = ""
    ) {
        self.members = members
        self.form = form
        self.captures = captures
        self.prefix = prefix
    }

    /// A run's id, which older clients call `run_uuid`; newer ones send both.
    package func runID() throws(MLflowError) -> String {
        try text(required: "run_id", or: "run_uuid")
    }

    package func text(_ name: String) throws(MLflowError) -> String? {
        guard let value = try given(name) else { return nil }
        return try convert(value, name) { $0.wireText }
    }

    package func text(required name: String, or older: String? = nil) throws(MLflowError) -> String {
        try convert(try required(name, or: older), name) { $0.wireText }
    }

    package func integer(_ name: String) throws(MLflowError) -> Int64? {
        guard let value = try given(name) else { return nil }
        return try integer(value, name)
    }

    package func integer(required name: String) throws(MLflowError) -> Int64 {
        try integer(try required(name), name)
    }

    package func double(_ name: String) throws(MLflowError) -> Double? {
        guard let value = try given(name) else { return nil }
        return try convert(value, name) { $0.wireDouble }
    }

    package func double(required name: String) throws(MLflowError) -> Double {
        try convert(try required(name), name) { $0.wireDouble }
    }

    package func bool(_ name: String) throws(MLflowError) -> Bool? {
        guard let value = try given(name) else { return nil }
        guard form == .query, case .text(let text) = value else {
            return try convert(value, name) { $0.wireBool }
        }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default:
            throw .invalid("Invalid boolean value: \(text.shortened()), must be 'true' or 'false'.")
        }
    }

    /// A value by its name or number; `nil` for one that is not known, as if it were missing.
    package func value<Value>(_ name: String, among names: WireNames<Value>) throws(MLflowError) -> Value? {
        guard let value = try given(name) else { return nil }
        switch value {
        case .text(let text): return names.value(named: text)
        case .integer(let number): return names.value(numbered: number)
        default: throw wrongType(value, name)
        }
    }

    /// The same, where the field must have been sent, and is refused if its value is not known.
    package func value<Value>(
        required name: String, among names: WireNames<Value>
    ) throws(MLflowError) -> Value {
        let given = try required(name)
        guard let value = try value(name, among: names) else {
            throw .invalidValue(given, for: prefix + name, "It should be one of \(names.list).")
        }
        return value
    }

    /// No texts if the list is missing.
    package func texts(_ name: String) throws(MLflowError) -> [String] {
        try texts(try list(name) ?? [], name)
    }

    /// The list may be empty, but not missing.
    package func texts(required name: String) throws(MLflowError) -> [String] {
        guard let elements = try list(name) else { throw missing(name) }
        return try texts(elements, name)
    }

    /// No messages if the list is missing.
    package func messages(_ name: String) throws(MLflowError) -> [WireFields] {
        try messages(try list(name) ?? [], name)
    }

    /// The list may be empty, but not missing.
    package func messages(required name: String) throws(MLflowError) -> [WireFields] {
        guard let elements = try list(name) else { throw missing(name) }
        return try messages(elements, name)
    }

    package func message(_ name: String) throws(MLflowError) -> WireFields? {
        guard let value = try given(name) else { return nil }
        return try message(value, name)
    }
}

// How values are found and converted.
extension WireFields {
    /// What was sent under a name; `nil` for nothing and for null.
    private func given(_ name: String, or older: String? = nil) throws(MLflowError) -> JSONValue? {
        switch try member(name) {
        case nil, .null:
            guard let older else { return nil }
            return try given(older)
        case let value: return value
        }
    }

    /// The same, where the field must have been sent and is not empty.
    private func required(_ name: String, or older: String? = nil) throws(MLflowError) -> JSONValue {
        guard let value = try given(name, or: older), value != .text("") else { throw missing(name) }
        return value
    }

    private func member(_ name: String) throws(MLflowError) -> JSONValue? {
        if let capture = captures[name] { return .text(capture) }
        var snake: JSONMember?
        var camel: JSONMember?
        for member in members {
            if member.key == name {
                snake = snake ?? member
            } else if Self.isLowerCamelCase(member.key, of: name) {
                camel = camel ?? member
            }
        }
        if let snake, let camel {
            let names = "'\(prefix)\(snake.key)' and '\(prefix)\(camel.key)'"
            throw .invalid("Request specifies both \(names); provide only one of them.")
        }
        return (snake ?? camel)?.value
    }

    private func list(_ name: String) throws(MLflowError) -> [JSONValue]? {
        guard let value = try given(name) else { return nil }
        switch (form, value) {
        case (.query, _):
            return members.filter { $0.key == name || Self.isLowerCamelCase($0.key, of: name) }.map(\.value)
        case (.message, .array(let elements)): return elements
        case (.message, _): throw wrongType(value, name)
        }
    }

    private func convert<Value>(
        _ value: JSONValue, _ name: String, _ conversion: (JSONValue) -> Value?
    ) throws(MLflowError) -> Value {
        guard let result = conversion(value) else { throw wrongType(value, name) }
        return result
    }

    private func integer(_ value: JSONValue, _ name: String) throws(MLflowError) -> Int64 {
        if value.isLargeWireInteger {
            throw .invalidValue(
                value, for: prefix + name, "An integer goes from \(Int64.min) to \(Int64.max).")
        }
        return try convert(value, name) { $0.wireInteger }
    }

    /// One wrong element makes the whole list the wrong value, as in MLflow.
    private func texts(_ elements: [JSONValue], _ name: String) throws(MLflowError) -> [String] {
        var texts: [String] = []
        for element in elements {
            guard let text = element.wireText else { throw wrongType(.array(elements), name) }
            texts.append(text)
        }
        return texts
    }

    private func messages(_ elements: [JSONValue], _ name: String) throws(MLflowError) -> [WireFields] {
        var messages: [WireFields] = []
        for (index, element) in elements.enumerated() {
            messages.append(try message(element, "\(name)[\(index)]"))
        }
        return messages
    }

    private func message(_ value: JSONValue, _ name: String) throws(MLflowError) -> WireFields {
        guard case .object(let members) = value else { throw wrongType(value, name) }
        return WireFields(members, .message, prefix: "\(prefix)\(name).")
    }

    private func missing(_ name: String) -> MLflowError {
        .missing(prefix + name)
    }

    private func wrongType(_ value: JSONValue, _ name: String) -> MLflowError {
        .wrongType(value, for: prefix + name)
    }

    /// Whether a key is `runId` for `run_id`.
    private static func isLowerCamelCase(_ key: String, of name: String) -> Bool {
        var rest = key.utf8[...]
        var isAfterUnderscore = false
        for byte in name.utf8 {
            if byte == UInt8(ascii: "_") {
                isAfterUnderscore = true
                continue
            }
            let isRaised = isAfterUnderscore && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            guard rest.popFirst() == (isRaised ? byte - 0x20 : byte) else { return false }
            isAfterUnderscore = false
        }
        return rest.isEmpty
    }
}

// Where messages come from.
extension WireFields {
    /// Reads a body; an empty one is a message without fields.
    package init(body: [UInt8], captures: [String: String] = [:]) throws(MLflowError) {
        var json = try Self.json(body)
        // Very old clients encode twice.
        if case .text(let text) = json { json = try Self.json(Array(text.utf8)) }
        switch json {
        case .object(let members): self.init(members, .message, captures: captures)
        case .null: self.init([], .message, captures: captures)
        default: throw .invalid("the body should be a JSON object, not of type '\(json.pythonType)'")
        }
    }

    /// Reads the query of an address.
    package init(query: String, captures: [String: String] = [:]) throws(MLflowError) {
        var members: [JSONMember] = []
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = PercentEncoding.decode(parts[0], plusIsSpace: true),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { throw .invalid("the percent encoding of '\(String(item).shortened())' is broken") }
            members.append(JSONMember(key: key, value: .text(value)))
        }
        self.init(members, .query, captures: captures)
    }

    private static func json(_ bytes: [UInt8]) throws(MLflowError) -> JSONValue {
        guard !bytes.isEmpty else { return .null }
        do throws(JSONError) {
            return try JSONReader.read(bytes)
        } catch {
            throw .invalid("the body is no JSON: \(error)")
        }
    }
}
