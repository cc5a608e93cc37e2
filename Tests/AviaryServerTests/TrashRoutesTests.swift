import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct TrashRoutesTests {
    private static func names(_ server: RunningServer, _ lifecycle: String) async throws -> [String?] {
        let answer = try await server.ask("/api/v1/experiments?lifecycle=\(lifecycle)")
        return try JSONValue(answer)["experiments"]?.elements.map { $0["name"]?.text } ?? []
    }

    @Test func `a deleted experiment's name is free here, and taken on MLflow's routes`() async throws {
        try await withServer { server in
            let path = "/api/v1/experiments"
            let made = try await server.post(path, "{\"name\":\"birds\",\"tags\":{\"team\":\"a\"}}")
            #expect(made.status == 201)
            #expect(try JSONValue(made)["tags"]?["team"]?.text == "a")
            #expect(try await server.ask("\(path)/1", method: "DELETE").status == 204)
            let refused = try await server.mlflow("POST experiments/create", "{\"name\":\"birds\"}")
            #expect(refused.status == 400)
            #expect(refused.text.contains("RESOURCE_ALREADY_EXISTS"))
            #expect(try await Self.names(server, "active") == ["Default"])
            let again = try await server.post(path, "{\"name\":\"birds\"}")
            #expect(again.status == 201)
            #expect(try JSONValue(again)["id"] == .integer(2))
            #expect(try await Self.names(server, "any") == ["Default", "birds", "birds"])
            #expect(try await Self.names(server, "deleted") == ["birds"])
            // A client of MLflow that asks by name gets the one that is there.
            let byName = try await server.mlflow("GET experiments/get-by-name?experiment_name=birds")
            #expect(try JSONValue(byName)["experiment"]?["experiment_id"]?.text == "2")
            let taken = try await server.ask("\(path)/1/restore", method: "POST")
            #expect(taken.status == 409)
            #expect(
                taken.text == """
                    {"error":{"code":"conflict","message":"there is an experiment 'birds' already"}}
                    """)
            let renamed = try await server.post("\(path)/1/restore", "{\"name\":\"old birds\"}")
            #expect(renamed.status == 200)
            #expect(try JSONValue(renamed)["deleted"] == .bool(false))
            #expect(try await Self.names(server, "active") == ["Default", "old birds", "birds"])
        }
    }

    @Test func `runs of experiments in the trash are found by name, also when it is used again`() async throws
    {
        try await withServer { server in
            var runs: [RunID] = []
            for number in Int64(1)...2 {
                runs.append(try await server.begin("r\(number)", in: "birds", at: 1_000_000 + number))
                try await server.store.deleteExperiment(number)
            }
            let path = "/api/v1/runs?experiment=birds"
            let filters = ["", "&filter=run_name%20LIKE%20%27r%25%27"]
            func ids(_ query: String) async throws -> [[String?]] {
                var answers: [[String?]] = []
                for filter in filters {
                    let answer = try JSONValue(try await server.ask("\(path)&\(query)\(filter)"))
                    answers.append(answer["runs"]?.elements.map { $0["id"]?.text } ?? [])
                }
                return answers
            }
            let newestFirst = runs.reversed().map { "\($0)" as String? }
            #expect(try await ids("lifecycle=deleted") == [newestFirst, newestFirst])
            for filter in filters {
                let missing = try await server.ask(path + filter)
                #expect(missing.status == 404)
                #expect(missing.text.contains("no experiment is named 'birds'"))
            }
            let new = try await server.begin("r3", in: "birds", at: 2_000_000)
            #expect(try await ids("lifecycle=deleted") == [newestFirst, newestFirst])
            #expect(try await ids("lifecycle=active") == [["\(new)"], ["\(new)"]])
            let all = ["\(new)"] + newestFirst
            #expect(try await ids("lifecycle=any") == [all, all])
        }
    }

    @Test func `an experiment is renamed, to a name that is free`() async throws {
        try await withServer { server in
            for name in ["a", "b"] {
                _ = try await server.post("/api/v1/experiments", "{\"name\":\"\(name)\"}")
            }
            let fields = ["Content-Type: application/json"]
            let renamed = try await server.ask(
                "/api/v1/experiments/1", method: "PATCH", headers: fields, body: "{\"name\":\"c\"}")
            #expect(try JSONValue(renamed)["name"]?.text == "c")
            let taken = try await server.ask(
                "/api/v1/experiments/1", method: "PATCH", headers: fields, body: "{\"name\":\"b\"}")
            #expect(taken.status == 409)
        }
    }

    @Test func `a run goes into the trash, is listed there, and comes back`() async throws {
        try await withServer { server in
            let (run, other) = (try await server.begin("r", in: "a"), try await server.begin("s", in: "a"))
            func ids(_ query: String) async throws -> [String?] {
                let answer = try JSONValue(try await server.ask("/api/v1/runs?\(query)"))
                return answer["runs"]?.elements.map { $0["id"]?.text } ?? []
            }
            for _ in 0..<2 {
                #expect(try await server.ask("/api/v1/runs/\(run)", method: "DELETE").status == 204)
            }
            #expect(try await ids("") == ["\(other)"])
            #expect(try await ids("lifecycle=deleted") == ["\(run)"])
            #expect(try await ids("lifecycle=deleted&filter=run_name%20%3D%20'r'") == ["\(run)"])
            #expect(try await ids("lifecycle=any&order=run_name%20DESC") == ["\(other)", "\(run)"])
            let shown = try await server.ask("/api/v1/runs/\(run)")
            #expect(shown.text.contains("\"deleted\":true"))
            let back = try await server.ask("/api/v1/runs/\(run)/restore", method: "POST")
            #expect(back.text.contains("\"deleted\":false"))
            #expect(try await ids("").count == 2)
        }
    }

    @Test(
        arguments: [
            ("POST", "experiments", "[]", "the body: should be an object"),
            ("POST", "experiments", "{}", "name: should be a text"),
            ("POST", "experiments", "{\"name\":\"x\",\"nam\":1}", "nam: is unknown; known: name, tags"),
            ("POST", "experiments", "{\"name\":\"\"}", "experiment name: it is empty"),
            ("POST", "experiments", "{\"name\":\"x\",\"tags\":[]}", "tags: should be an object of texts"),
            ("POST", "experiments", "{\"name\":\"x\",\"tags\":{\"a\":1}}", "tags: 'a' should be a text"),
            ("PATCH", "experiments/0", "{\"name\":null}", "name: should be a text"),
            ("POST", "experiments/0/restore", "{\"name\":1}", "name: should be a text"),
            ("GET", "experiments?lifecycle=gone", nil, "lifecycle: 'gone' is none of active, deleted, any"),
            (
                "GET", "experiments?x=1", nil,
                "x: there is no such query item here; known: lifecycle, limit, cursor, filter, order"
            ),
            ("GET", "runs?limit=1&limit=2", nil, "limit: stands there 2 times; one is taken"),
            ("GET", "runs?limit=5&%ff=1", nil, "%ff: there is no such query item here; known: "),
            ("GET", "runs?filter=metrics.loss%20%3C", nil, "filter: column 15: "),
            ("GET", "runs?order=metrics.loss%20UP", nil, "order: column 14: "),
            ("GET", "runs?order=start_time&cursor=5.5", nil, "cursor: '5.5' is not one that this list gave"),
        ] as [(String, String, String?, String)])
    func `what does not fit is refused with its field, and nothing is stored`(
        method: String, path: String, body: String?, message: String
    ) async throws {
        try await withServer { server in
            let fields = body == nil ? [] : ["Content-Type: application/json"]
            let answer = try await server.ask("/api/v1/\(path)", method: method, headers: fields, body: body)
            #expect(answer.status == 400)
            #expect(answer.text.contains("{\"error\":{\"code\":\"invalid\",\"message\":\"\(message)"))
            #expect(try await server.store.experiments(.any).map(\.experiment.name) == ["Default"])
        }
    }

    @Test func `what is not there is told by its number`() async throws {
        try await withServer { server in
            for (number, message) in [
                ("9", "no experiment has the number 9"), ("x%20y", "no experiment is named 'x y'"),
            ] {
                for (method, path) in [("GET", ""), ("DELETE", ""), ("POST", "/restore")] {
                    let answer = try await server.ask("/api/v1/experiments/\(number)\(path)", method: method)
                    #expect(answer.status == 404)
                    #expect(answer.text.contains(message))
                }
            }
        }
    }
}
