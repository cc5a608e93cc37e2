import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import Testing

/// Holds `web/api/openapi.json` to the routes, both ways.
struct DescriptionTests {
    private static func document() throws -> JSONValue {
        try JSONReader.read(try #require(bytes(of: checkout() + "/web/api/openapi.json")))
    }

    @Test func `every route is described, and every route that is described is there`() async throws {
        try await withServer { server in
            let (catalogue, weights) = try emptyZoo(server.folder)
            let routes = NativeRoutes(store: server.store, catalogue: catalogue, weights: weights)
            let described = Description(document: try Self.document()).operations.map(\.name)
            #expect(described.sorted() == routes.operations)
        }
    }

    @Test func `the server gives the description`() async throws {
        try await withServer { server in
            let answer = try await server.ask("/api/v1/openapi.json")
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
            #expect(try JSONValue(answer) == Self.document())
        }
    }

    @Test func `every reference leads somewhere, and every part is referred to`() throws {
        let document = try Self.document()
        let schema = JSONSchema(document: document)
        let references = Set(Self.references(in: document))
        for reference in references {
            #expect(schema.resolved(["$ref": .text(reference)]) != .null, "\(reference)")
        }
        // Data of events are described beside the document's own language.
        let alone = Set(["Changes", "NewPoints", "LogPiece"].map { "#/components/schemas/\($0)" })
        var parts: Set<String> = []
        for (group, members) in document["components"]?.members ?? [] {
            for (name, _) in members.members { parts.insert("#/components/\(group)/\(name)") }
        }
        #expect(parts == references.union(alone))
    }

    /// Asks for everything that may come back, good or bad.
    @Test func `answers are as described, and all that is described is answered`() async throws {
        let description = Description(document: try Self.document())
        try await withServer(zoo: tinyZoo("0123456789")) { server in
            var seen: Set<String> = []
            for question in try await NativeQuestions.all(server) {
                let answer = try await server.ask(
                    question.path, method: question.method, headers: question.headers, body: question.body)
                let name = "\(question.method) \(question.template)"
                let problems = description.problems(of: answer, to: name)
                #expect(problems == [], "\(name) \(question.path)")
                seen.insert("\(name) \(answer.status)")
            }
            let described = description.operations.flatMap { operation in
                operation.statuses.map { "\(operation.name) \($0)" }
            }
            #expect(seen == Set(described).subtracting(NativeQuestions.unasked))
        }
    }

    @Test func `data of events are as described`() async throws {
        let schema = JSONSchema(document: try Self.document())
        try await withServer { server in
            let run = try await server.begin()
            try await server.log([1, .infinity], of: run)
            _ = try await server.store.storeArtifact(run, path: "logs/console.log", bytes: Array("a\n".utf8))
            var reader = try EventReader(server, "?points=\(run)&log=\(run)&logOffset=0", lastID: "0")
            let names = ["changes": "Changes", "points": "NewPoints", "log": "LogPiece"]
            let events = try await reader.events { $0.count == 3 }
            #expect(Set(events.map(\.name)) == Set(names.keys))
            for event in events {
                let reference: JSONValue = ["$ref": .text("#/components/schemas/\(names[event.name] ?? "")")]
                #expect(schema.problems(of: event.data, reference) == [])
                let id: JSONValue = ["$ref": .text("#/components/schemas/EventID")]
                #expect(schema.problems(of: .text(event.id), id) == [])
            }
        }
    }

    @Test func `a method that an address does not take is answered with those it does`() async throws {
        try await withServer { server in
            let answer = try await server.ask("/api/v1/runs/\(RunID.random())", method: "PUT")
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == "DELETE, GET, HEAD")
            #expect(
                try JSONValue(answer)["error"]?["message"]?.text
                    == "PUT is nothing that this address takes; it takes DELETE, GET, HEAD")
            #expect(try await server.ask("/api/v1/series").status == 405)
        }
    }

    private static func references(in value: JSONValue) -> [String] {
        switch value {
        case .array(let elements): elements.flatMap { references(in: $0) }
        case .object(let members):
            members.flatMap { $0.key == "$ref" ? [$0.value.text ?? ""] : references(in: $0.value) }
        default: []
        }
    }
}

/// The operations of a document.
struct Description {
    struct Operation {
        /// As `GET /api/v1/runs/{id}`.
        let name: String
        /// But for `5XX`.
        let statuses: [Int]
        let responses: JSONValue
    }

    let document: JSONValue

    var operations: [Operation] {
        (document["paths"]?.members ?? []).flatMap { path, methods in
            methods.members.map { method, operation in
                let responses = operation["responses"] ?? .null
                return Operation(
                    name: "\(method.uppercased()) \(path)",
                    statuses: responses.members.compactMap { Int($0.key) }, responses: responses)
            }
        }
    }

    /// What of an answer is not as its operation says.
    func problems(of answer: Answer, to name: String) -> [String] {
        let schema = JSONSchema(document: document)
        guard let operation = operations.first(where: { $0.name == name }),
            let found = operation.responses["\(answer.status)"]
        else { return ["\(answer.status) is not described: \(answer.text)"] }
        let response = schema.resolved(found)
        var problems: [String] = []
        for (header, _) in response["headers"]?.members ?? [] where answer.headers[header.lowercased()] == nil
        {
            problems.append("there is no \(header)")
        }
        let type = answer.headers["content-type"]?.split(separator: ";").first.map { String($0) }
        guard let content = response["content"] else {
            return answer.body.isEmpty ? problems : problems + ["there is a body: \(answer.text)"]
        }
        guard let type, let described = content[type] ?? content["*/*"] else {
            return problems + ["\(type ?? "no type") is not described"]
        }
        guard let wanted = described["schema"] else { return problems }
        guard type == "application/json" else {
            return problems + schema.problems(of: .text(answer.text), wanted)
        }
        guard let value = try? JSONValue(answer) else { return problems + ["no JSON: \(answer.text)"] }
        return problems + schema.problems(of: value, wanted)
    }
}

extension JSONValue {
    /// Of an object; none of anything else.
    var members: [(key: String, value: JSONValue)] {
        guard case .object(let members) = self else { return [] }
        return members.map { ($0.key, $0.value) }
    }
}
