import AviaryServer

/// A schema of an OpenAPI document, as far as ours uses the language (JSON Schema 2020-12).
///
/// A word that is not known here is a mistake of the schema: it would check nothing.
struct JSONSchema {
    private static let known: Set = [
        "$ref", "type", "enum", "const", "oneOf", "required", "properties", "additionalProperties",
        "propertyNames", "items", "pattern", "format", "minimum", "maximum", "minLength", "maxLength",
        "uniqueItems",
        "maxItems", "maxProperties", "default", "description", "example", "examples",
    ]

    /// The document that references point into.
    let document: JSONValue

    /// What does not fit, each with its place; nothing if the value is as the schema says.
    func problems(of value: JSONValue, _ schema: JSONValue, at place: String = "") -> [String] {
        let schema = resolved(schema)
        guard case .object(let members) = schema else { return ["\(place): no schema"] }
        let unknown = members.map(\.key).filter { !Self.known.contains($0) }
        guard unknown.isEmpty else { return ["\(place): the schema has \(unknown)"] }
        if let allowed = schema["enum"], !allowed.elements.contains(value) {
            return ["\(place): \(value) is none of \(allowed)"]
        }
        if let constant = schema["const"], constant != value { return ["\(place): \(value)"] }
        if let alternatives = schema["oneOf"]?.elements {
            let fitting = alternatives.filter { problems(of: value, $0, at: place).isEmpty }
            return fitting.count == 1 ? [] : ["\(place): \(fitting.count) alternatives fit \(value)"]
        }
        if let type = schema["type"] {
            let names = type.elements.isEmpty ? [type] : type.elements
            guard names.contains(where: { Self.types(of: value).contains($0.text ?? "") }) else {
                return ["\(place): \(value) is no \(type)"]
            }
        }
        return parts(of: value, schema, at: place)
    }

    /// What a reference stands for.
    func resolved(_ schema: JSONValue) -> JSONValue {
        guard let path = schema["$ref"]?.text else { return schema }
        return path.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] ?? .null }
    }

    private func parts(of value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        switch value {
        case .object(let members): self.members(members, schema, at: place)
        case .array(let elements):
            if let items = schema["items"] {
                elements.enumerated().flatMap { problems(of: $1, items, at: "\(place)[\($0)]") }
            } else {
                []
            }
        case .text(let text): Self.text(text, schema, at: place)
        case .integer(let number):
            if let least = schema["minimum"]?.integer, number < least { ["\(place): \(number)"] } else { [] }
        default: []
        }
    }

    private func members(_ members: [JSONMember], _ schema: JSONValue, at place: String) -> [String] {
        var problems: [String] = []
        let keys = members.map(\.key)
        for key in schema["required"]?.texts ?? [] where !keys.contains(key) {
            problems.append("\(place): lacks \(key)")
        }
        for member in members {
            let inside = "\(place).\(member.key)"
            if let property = schema["properties"]?[member.key] {
                problems += self.problems(of: member.value, property, at: inside)
            } else if let other = schema["additionalProperties"], other != .bool(true) {
                problems +=
                    other == .bool(false)
                    ? ["\(inside): is not described"] : self.problems(of: member.value, other, at: inside)
            }
        }
        return problems
    }

    private static func text(_ text: String, _ schema: JSONValue, at place: String) -> [String] {
        if let pattern = schema["pattern"]?.text {
            guard let regex = try? Regex(pattern), text.firstMatch(of: regex) != nil else {
                return ["\(place): '\(text)' is not as \(pattern)"]
            }
        }
        guard schema["format"]?.text == "date-time" else { return [] }
        let isTime = text.firstMatch(of: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) != nil
        return isTime ? [] : ["\(place): '\(text)' is no time"]
    }

    private static func types(of value: JSONValue) -> [String] {
        switch value {
        case .null: ["null"]
        case .bool: ["boolean"]
        case .integer, .largeInteger: ["integer", "number"]
        case .number: ["number"]
        case .text: ["string"]
        case .array: ["array"]
        case .object: ["object"]
        }
    }
}
