import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct LoggedModelSearchTests {
    private static let search = "POST logged-models/search"

    @Test(
        arguments: [
            ("", "dcba"), (#""filter":null,"max_results":0,"page_token":"""#, "dcba"),
            (#""filter":"name != 'a' AND tags.t = '1'""#, "db"),
            (#""filter":"name = 'a' OR NOT tags.t = '1'""#, "ca"),
            (#""filter":"metrics.x > 1""#, "cb"), (#""filter":"status = 2""#, "c"),
            (#""order_by":[{"field_name":"metrics.x"}]"#, "abcd"),
            (#""order_by":[{"field_name":"metrics.x","ascending":false}]"#, "cbad"),
            (#""order_by":[{"field_name":"metrics.x","dataset_name":"d"}]"#, "acdb"),
            (#""order_by":[{"field_name":"metrics.x","dataset_name":"d","dataset_digest":"2"}]"#, "cdba"),
            (#""order_by":[{"fieldName":"name"}]"#, "abcd"),
            (#""datasets":[{"dataset_name":"d"}]"#, "ca"),
            (#""datasets":[{"dataset_name":"d","dataset_digest":""}]"#, "ca"),
            (#""datasets":[{"dataset_name":"d","dataset_digest":"1"}]"#, "a"),
            (#""datasets":[{"dataset_name":"d"}],"filter":"metrics.x > 1""#, "c"),
            (#""max_results":2"#, "dc"), (#""max_results":"1000000000000""#, "dcba"),
        ])
    func `models are found as they are asked for`(fields: String, expected: String) async throws {
        try await withServer { server in
            try await Self.fill(server)
            let body = #"{"experiment_ids":["0"]\#(fields.isEmpty ? "" : ",")\#(fields)}"#
            let answer = try await server.mlflow(Self.search, body)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try Self.names(answer) == expected)
        }
    }

    @Test func `pages follow each other, and only of one search`() async throws {
        try await withServer { server in
            try await Self.fill(server)
            let order = #""order_by":[{"field_name":"name","dataset_name":"d"}]"#
            let ask = { (ids: String, filter: String, order: String, token: String?) in
                try await server.mlflow(
                    Self.search,
                    """
                    {"experiment_ids":[\(ids)],"max_results":3,\(filter)\(order)\
                    \(token.map { ",\"page_token\":\"\($0)\"" } ?? "")}
                    """)
            }
            let filter = #""filter":"name != 'x'","#
            let first = try await ask("\"0\"", filter, order, nil)
            #expect(try Self.names(first) == "abc")
            let token = try #require(try JSONValue(first)["next_page_token"]?.text)
            let second = try await ask("\"0\"", filter, order, token)
            #expect(try Self.names(second) == "d")
            #expect(try JSONValue(second)["next_page_token"] == nil)

            let refused = { (answer: Answer, message: String) in
                #expect(answer.status == 400)
                let told = try JSONValue(answer)["message"]?.text
                #expect(told == message)
            }
            try refused(
                try await ask("\"0\",\"1\"", filter, order, token),
                "Experiment IDs in the page token do not match the requested experiment IDs. "
                    + "Expected: ['0', '1']. Found: ['0']")
            try refused(
                try await ask("\"0\"", "", order, token),
                "Filter string in the page token does not match the requested filter string. "
                    + "Expected: None. Found: name != 'x'")
            try refused(
                try await ask("\"0\"", filter, #""order_by":[]"#, token),
                "Order by in the page token does not match the requested order by. Expected: None. "
                    + "Found: [{'field_name': 'name', 'ascending': True, 'dataset_name': 'd', "
                    + "'dataset_digest': None}]")
            for (token, message) in [
                ("nonsense!", "Invalid page token, could not base64-decode"),
                ("e30=", "Invalid page token, parsed value={}"),
                ("eyJvZmZzZXQiOjF9", #"Invalid page token, parsed value={"offset":1}"#),
            ] {
                try refused(try await ask("\"0\"", filter, order, token), message)
            }
        }
    }

    @Test func `searches that cannot be are refused in MLflow's words`() async throws {
        try await withServer { server in
            let body = { (fields: String) in #"{"experiment_ids":["0"],\#(fields)}"# }
            let order = { (field: String) in body(#""order_by":[{"field_name":"\#(field)"}]"#) }
            let many = { (count: Int, entry: String) in
                Array(repeating: entry, count: count).joined(separator: ",")
            }
            try await server.check([
                .missing("experiment_ids", Self.search, "{}"),
                .ok(Self.search, #"{"experiment_ids":[]}"#), .ok(Self.search, #"{"experiment_ids":["99"]}"#),
                .wrongType("\"0\"", "str", "experiment_ids", Self.search, #"{"experiment_ids":"0"}"#),
                .wrongType("[0]", "list", "experiment_ids", Self.search, #"{"experiment_ids":[0]}"#),
                .wrongType("5", "int", "filter", Self.search, body(#""filter":5"#)),
                .wrongType("\"d\"", "str", "datasets", Self.search, body(#""datasets":"d""#)),
                .wrongType("\"x\"", "str", "max_results", Self.search, body(#""max_results":"x""#)),
                .wrongType("\"name\"", "str", "order_by[0]", Self.search, body(#""order_by":["name"]"#)),
                .wrongType(
                    "\"yes\"", "str", "order_by[0].ascending", Self.search,
                    body(#""order_by":[{"field_name":"name","ascending":"yes"}]"#)),
                .refused(
                    Self.search, #"{"experiment_ids":["abc"]}"#,
                    "Invalid experiment ID 'abc'. Experiment ID must be a valid integer."),
                .refused(
                    Self.search, body(#""max_results":-1"#),
                    "Invalid value -1 for parameter 'max_results' supplied. It must be a positive integer"),
                .refused(
                    Self.search, body(#""datasets":[{"dataset_name":"d"},{"dataset_digest":"1"}]"#),
                    "`dataset_name` in the `datasets` clause must be specified."),
                .refused(
                    Self.search, body(#""datasets":[{"dataset_name":""}]"#),
                    "`dataset_name` in the `datasets` clause must be specified."),
                .refused(
                    Self.search, body("\"datasets\":[\(many(201, #"{"dataset_name":"d"}"#))]"),
                    "datasets has 201 entries; at most 200 are taken"),
                .refused(
                    Self.search, body("\"order_by\":[\(many(65, #"{"field_name":"name"}"#))]"),
                    "order_by has 65 clauses; at most 64 are taken"),
                .refused(Self.search, body(#""order_by":[{}]"#), "Invalid order by field name: "),
                .refused(Self.search, order("foo"), "Invalid order by field name: foo"),
                .refused(
                    Self.search, order("params.lr"),
                    "Invalid order by field name: params.lr. Only metrics are supported."),
                .refused(
                    Self.search, body(#""filter":"name""#),
                    "Invalid filter string: 'name'. Expected a list of comparisons separated by 'AND' "
                        + "(e.g. 'metrics.loss > 0.1 AND params.lr = 0.01')."),
                .refused(
                    Self.search, body(#""filter":"metric.x > 1""#),
                    "Invalid entity type: 'metric'. Expected one of ['attributes', 'metrics', 'params', 'tags']."
                ),
                .refused(
                    Self.search, body(#""filter":"name IS NULL""#),
                    "Invalid comparison: nameIS NULL. Expected a comparison with 3 tokens."),
            ])
        }
    }

    private static func names(_ answer: Answer) throws -> String {
        try JSONValue(answer)["models"]?.elements.compactMap { $0["info"]?["name"]?.text }.joined() ?? ""
    }

    /// Four models, made in the order a b c d, of which three have `x`: 1 on d, 1.5 on nothing, 2 on d.
    private static func fill(_ server: RunningServer) async throws {
        let run = try await server.begin()
        for (index, name) in ["a", "b", "c", "d"].enumerated() {
            let tags: [ExactKey: String] = index.isMultiple(of: 2) ? [:] : ["t": "1"]
            let id = try await server.store.createLoggedModel(
                NewLoggedModel(experiment: 0, name: name, tags: tags)
            ).id
            if name == "c" { _ = try await server.store.setStatus(.ready, ofLoggedModel: id) }
            let point = MetricPoint(
                key: "x", value: 1 + Double(index) / 2, step: 0, timestamp: Timestamp(milliseconds: 5))
            let link = PointLink(
                point, model: id, datasetName: name == "b" ? "" : "d",
                datasetDigest: name == "b" ? "" : "\(1 + index / 2)")
            try await server.store.log(
                run, points: [], params: [:], tags: [:], links: name == "d" ? [] : [link])
            try await Task.sleep(for: .milliseconds(2))  // so that no two are made at one time
        }
    }
}
