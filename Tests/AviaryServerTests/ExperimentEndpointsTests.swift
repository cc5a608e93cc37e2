import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct ExperimentEndpointsTests {
    private static let long = String(repeating: "n", count: 501)
    private static let badID = "Invalid experiment ID 'x'. Experiment ID must be a valid integer."
    private static let none = "No Experiment with id=99 exists"

    @Test func `an experiment is made, found, renamed, deleted and restored`() async throws {
        try await withServer { server in
            try await server.check([
                .ok(
                    "POST experiments/create",
                    #"{"name":"birds & Vögel","tags":[{"key":"b","value":"2"},{"key":"a"}]}"#,
                    #"{"experiment_id":"1"}"#)
            ])
            let made = try await server.store.experiment(1)
            let time = made.createdAt.milliseconds
            let experiment = """
                {"experiment":{"experiment_id":"1","name":"birds & Vögel","artifact_location":"mlflow-artifacts:/1",\
                "lifecycle_stage":"active","last_update_time":\(time),"creation_time":\(time),\
                "tags":[{"key":"a","value":""},{"key":"b","value":"2"}],"workspace":"default"}}
                """
            let name = "GET experiments/get-by-name?experiment_name="
            try await server.check([
                .ok("GET experiments/get?experiment_id=1", "", experiment),
                .ok("GET experiments/get?experimentId=1", "", experiment),
                .ok("GET experiments/get?experiment_id=+1%20", "", experiment),
                .ok(name + "birds%20%26+V%C3%B6gel", "", experiment),
                .ok("POST experiments/update", #"{"experiment_id":"1","new_name":"birds"}"#),
                .ok("POST experiments/update", #"{"experiment_id":"1","new_name":"birds"}"#),
                .refused(
                    name + "birds%20", "", "Could not find experiment with name 'birds '",
                    .resourceDoesNotExist),
                .ok("POST experiments/delete", #"{"experiment_id":"1"}"#),
            ])
            let deleted = try JSONValue(try await server.mlflow(name + "birds"))["experiment"]
            #expect(deleted?["lifecycle_stage"] == .text("deleted"))
            #expect(try await server.store.experiment(1).updatedAt >= made.updatedAt)
            try await server.check([.ok("POST experiments/restore", #"{"experiment_id":"1"}"#)])
            #expect(try await !server.store.experiment(1).isDeleted)
        }
    }

    @Test func `the first experiment is there from the start`() async throws {
        try await withServer { server in
            let first = try JSONValue(try await server.mlflow("GET experiments/get?experiment_id=0"))[
                "experiment"]
            #expect(first?["name"] == .text("Default"))
            #expect(first?["artifact_location"] == .text("mlflow-artifacts:/0"))
        }
    }

    @Test func `what cannot be is refused in MLflow's words`() async throws {
        try await withServer { server in
            let create = "POST experiments/create"
            let update = "POST experiments/update"
            try await server.check([
                .missing("name", create, "{}"), .missing("name", create, #"{"name":""}"#),
                .missing("name", create, #"{"name":null}"#),
                .wrongType("5", "int", "name", create, #"{"name":5}"#),
                .refused(
                    create, #"{"name":"\#(Self.long)"}"#,
                    "'name' exceeds the maximum length of 500 characters"),
                .refused(
                    create, #"{"name":"a","artifact_location":"runs:/x"}"#,
                    "Artifact location cannot be a runs:/ URI. Given: 'runs:/x'"),
                .refused(
                    create, #"{"name":"a","tags":[{"key":"a//b","value":""}]}"#,
                    "Invalid value \"a//b\" for parameter 'key' supplied: Names may be treated as files in certain "
                        + "cases, and must not resolve to other names when treated as such. This name would "
                        + "resolve to 'a/b'"),
                .refused(
                    create, #"{"name":"a","tags":[{"key":"\#(Self.long.prefix(251))","value":""}]}"#,
                    "'key' exceeds the maximum length of 250 characters"),
                .refused(
                    create, #"{"name":"a","tags":[{"key":"k","value":"a"},{"key":"k","value":"b"}]}"#,
                    "the tag 'k' is given twice", .badRequest),
                .missing("experiment_id", "GET experiments/get"),
                .refused("GET experiments/get?experiment_id=x", "", Self.badID),
                .refused("GET experiments/get?experiment_id=99", "", Self.none, .resourceDoesNotExist),
                .missing("experiment_name", "GET experiments/get-by-name"),
                .missing("experiment_id", update, #"{"new_name":"a"}"#),
                .missing("new_name", update, #"{"experiment_id":"0"}"#),
                .missing("new_name", update, #"{"experiment_id":"x","new_name":""}"#),
                .refused(update, #"{"experiment_id":"x","new_name":"a"}"#, Self.badID),
                .refused(update, #"{"experiment_id":"99","new_name":"a"}"#, Self.none, .resourceDoesNotExist),
                .missing("experiment_id", "POST experiments/delete", "{}"),
                .refused("POST experiments/delete", #"{"experiment_id":"x"}"#, Self.badID),
                .refused(
                    "POST experiments/delete", #"{"experiment_id":"99"}"#, Self.none, .resourceDoesNotExist),
                .missing("experiment_id", "POST experiments/restore", "{}"),
                .refused(
                    "POST experiments/restore", #"{"experiment_id":"0"}"#, "No Experiment with id=0 exists",
                    .resourceDoesNotExist),
            ])
            #expect(try await server.store.experiments().count == 1)
        }
    }

    @Test func `a name is not free while an experiment in the trash has it`() async throws {
        try await withServer { server in
            let create = #"{"name":"a"}"#
            try await server.check([
                .ok("POST experiments/create", create, #"{"experiment_id":"1"}"#),
                .refused(
                    "POST experiments/create", create, "Experiment(name=a) already exists.",
                    .resourceAlreadyExists),
                .refused(
                    "POST experiments/update", #"{"experiment_id":"0","new_name":"a"}"#,
                    "an experiment has the name 'a' already", .badRequest),
                .ok("POST experiments/delete", #"{"experiment_id":"1"}"#),
                .refused(
                    "POST experiments/create", create,
                    "Experiment(name=a) already exists. It is in the trash: restore it, or take another name.",
                    .resourceAlreadyExists),
                .refused(
                    "POST experiments/update", #"{"experiment_id":"0","new_name":"a"}"#,
                    "an experiment has the name 'a' already", .badRequest),
            ])
            // Our own API may give the name again; then the one in the trash cannot come back.
            _ = try await server.store.createExperiment(NewExperiment(name: "a"))
            try await server.check([
                .refused(
                    "POST experiments/restore", #"{"experiment_id":"1"}"#,
                    "Experiment(name=a) already exists.",
                    .resourceAlreadyExists)
            ])
        }
    }

    @Test func `an experiment in the trash takes nothing`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let state = "The experiment 1 must be in the 'active' state. Current state is deleted."
            try await server.check(
                [
                    .ok("POST experiments/delete", #"{"experiment_id":"1"}"#),
                    .refused(
                        "POST experiments/delete", #"{"experiment_id":"1"}"#,
                        "No Experiment with id=1 exists",
                        .resourceDoesNotExist),
                    .refused(
                        "POST experiments/update", #"{"experiment_id":"1","new_name":"b"}"#,
                        "Cannot rename a non-active experiment."),
                    .refused(
                        "POST experiments/set-experiment-tag",
                        #"{"experiment_id":"1","key":"a","value":"b"}"#, state),
                    .refused(
                        "POST experiments/delete-experiment-tag", #"{"experiment_id":"1","key":"a"}"#, state),
                    .refused("POST runs/create", #"{"experiment_id":"1"}"#, state),
                    .refused(
                        "POST runs/set-tag", #"{"run_id":"@run","key":"a","value":"b"}"#,
                        "The run @run must be in the 'active' state. Current state is deleted."),
                    .ok("POST experiments/restore", #"{"experiment_id":"1"}"#),
                    .ok("POST runs/set-tag", #"{"run_id":"@run","key":"a","value":"b"}"#),
                ], run: run.description)
        }
    }

    @Test func `tags are set and taken away`() async throws {
        try await withServer { server in
            let set = "POST experiments/set-experiment-tag"
            let delete = "POST experiments/delete-experiment-tag"
            try await server.check([
                .ok(set, #"{"experiment_id":"0","key":"a","value":"1"}"#),
                .ok(set, #"{"experiment_id":"0","key":"a","value":"2"}"#),
                .ok(set, #"{"experiment_id":"0","key":"b"}"#),
            ])
            #expect(try await server.store.experiment(0).tags == ["a": "2", "b": ""])
            try await server.check([
                .ok(delete, #"{"experiment_id":"0","key":"a"}"#),
                .refused(
                    delete, #"{"experiment_id":"0","key":"a"}"#,
                    "No tag with name: a in experiment with id 0",
                    .resourceDoesNotExist),
                .missing("experiment_id", set, #"{"key":"a"}"#),
                .missing("key", set, #"{"experiment_id":"0"}"#),
                .missing("key", delete, #"{"experiment_id":"0"}"#), .missing("experiment_id", delete, "{}"),
                .refused(set, #"{"experiment_id":"x","key":"a"}"#, Self.badID),
                .refused(set, #"{"experiment_id":"99","key":"a"}"#, Self.none, .resourceDoesNotExist),
                .refused(delete, #"{"experiment_id":"99","key":"a"}"#, Self.none, .resourceDoesNotExist),
                .refused(
                    set,
                    #"{"experiment_id":"0","key":"a","value":"\#(String(repeating: "v", count: 20_001))"}"#,
                    "'value' exceeds the maximum length of 20000 characters"),
            ])
            #expect(try await server.store.experiment(0).tags == ["b": ""])
        }
    }

    @Test func `a search finds, orders and pages`() async throws {
        try await withServer { server in
            for name in ["b", "a", "c"] {
                _ = try await server.store.createExperiment(NewExperiment(name: name, tags: ["is": name]))
            }
            try await server.store.deleteExperiment(3)
            for (body, ids) in [
                (#"{"max_results":9}"#, ["2", "1", "0"]),
                (#"{"max_results":9,"order_by":["name DESC"]}"#, ["1", "2", "0"]),
                (#"{"max_results":9,"view_type":"DELETED_ONLY"}"#, ["3"]),
                (#"{"max_results":"9","view_type":3,"order_by":["experiment_id"]}"#, ["0", "1", "2", "3"]),
                (
                    #"{"max_results":9,"view_type":"NONSENSE","filter":"name LIKE '_' AND tags.is = 'a'"}"#,
                    ["2"]
                ),
            ] {
                let found = try JSONValue(try await server.mlflow("POST experiments/search", body))
                let expected = Set(ids)
                let order = found["experiments"]?.elements.compactMap { $0["experiment_id"]?.text }
                // Experiments made in the same millisecond come by their number.
                if body.contains("order_by") || ids.count < 2 {
                    #expect(order == ids, "\(body)")
                } else {
                    #expect(order.map { Set($0) } == expected, "\(body)")
                }
                #expect(found["next_page_token"] == nil)
            }
            let query =
                "GET experiments/search?max_results=2&view_type=ALL&order_by=experiment_id&order_by=name"
            let first = try JSONValue(try await server.mlflow(query))
            let token = try #require(first["next_page_token"]?.text)
            let second = try JSONValue(
                try await server.mlflow(query + "&page_token=\(token.replacing("=", with: "%3D"))"))
            let pages = [first, second].flatMap { $0["experiments"]?.elements ?? [] }
            #expect(pages.compactMap { $0["experiment_id"]?.text } == ["0", "1", "2", "3"])
            #expect(second["next_page_token"] == nil)
            try await server.check([
                .ok("POST experiments/search", #"{"max_results":1,"filter":"name = 'x'"}"#)
            ])
        }
    }

    @Test func `a search that cannot be is refused in MLflow's words`() async throws {
        try await withServer { server in
            let search = "POST experiments/search"
            let positive = "for parameter 'max_results' supplied. It must be a positive integer"
            try await server.check([
                .refused(search, "{}", "Invalid value 0 \(positive)"),
                .refused("GET experiments/search", "", "Invalid value 0 \(positive)"),
                .refused(search, #"{"max_results":-1}"#, "Invalid value -1 \(positive)"),
                .refused(
                    search, #"{"max_results":50001}"#,
                    "Invalid value 50001 for parameter 'max_results' supplied. It must be at most 50000"),
                .wrongType("\"x\"", "str", "max_results", search, #"{"max_results":"x"}"#),
                .wrongType("\"name\"", "str", "order_by", search, #"{"max_results":1,"order_by":"name"}"#),
                .refused(
                    search, #"{"max_results":1,"page_token":"zz"}"#,
                    "Invalid page token, could not base64-decode"),
                .refused(
                    search, #"{"max_results":1,"filter":"foo bar"}"#,
                    "Invalid clause(s) in filter string: foo bar"),
                .refused(
                    search, #"{"max_results":1,"order_by":["tags.a"]}"#, "Invalid order_by entity: tag"),
                .refused(
                    search, #"{"max_results":1,"filter":"metrics.a = 1"}"#,
                    "Invalid entity type 'metrics'. Valid entity types are ('attribute', 'tag', 'tags')"),
            ])
        }
    }
}
