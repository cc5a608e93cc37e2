import AviaryServer
import Dispatch
import HTTPTypes
import Testing

struct MLflowRoutesTests {
    private static let notFound = """
        {"error_code":"ENDPOINT_NOT_FOUND","message":"there is no such endpoint",\
        "sqlstate":"KAM00","error_class":"RESOURCE_NOT_FOUND"}
        """

    @Test(
        arguments: [
            "/api/2.0/mlflow", "/api/2.0/mlflow/runs/nothing?run_id=r", "/api/3.0/mlflow/server-features",
            "/api/2.0/mlflow-artifacts/nothing", "/ajax-api/2.0/mlflow/nothing",
            "/ajax-api/3.0/mlflow/nothing",
            "/ajax-api/2.0/mlflow-artifacts/nothing", "//api//2.0/mlflow/nothing",
        ])
    func `what is not there is told in MLflow's words`(path: String) async throws {
        try await withServer { server in
            let answer = try await server.ask(path)
            #expect(answer.status == 404)
            #expect(answer.text == Self.notFound)
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
            #expect(try await server.post(path, "{}").text == Self.notFound)
        }
    }

    @Test(
        arguments: [
            "/api/2.0", "/api/2.0/mlflows/x", "/api/4.0/mlflow/x", "/api/v1/mlflow", "/2.0/mlflow/x",
        ])
    func `other addresses keep their own words`(path: String) async throws {
        try await withServer { server in
            let answer = try await server.ask(path)
            #expect(answer.status == 404)
            let message = "{\"error\":{\"code\":\"not_found\",\"message\":\"there is nothing here\"}}"
            #expect(answer.text == message)
        }
    }

    @Test func `who may not ask is told so in MLflow's words`() async throws {
        try await withServer { server in
            let path = "/api/3.0/mlflow/server-info"
            let host = try await server.ask(path, host: "example.org")
            #expect(host.status == 403)
            #expect(
                host.text == """
                    {"error_code":"PERMISSION_DENIED",\
                    "message":"'example.org' is not a name of this server; --allow-host adds one",\
                    "sqlstate":"KAM00","error_class":"PERMISSION_DENIED"}
                    """)
            let site = try await server.ask(
                path, method: "POST", headers: ["Origin: http://evil.example"], body: "{}")
            #expect(site.status == 403)
            #expect(site.text.hasPrefix("{\"error_code\":\"PERMISSION_DENIED\""))
        }
    }

    @Test(arguments: ["/api", "/ajax-api"])
    func `the server says what it can do`(base: String) async throws {
        try await withServer { server in
            let answer = try await server.ask(base + "/3.0/mlflow/server-info")
            #expect(answer.status == 200)
            #expect(
                answer.text == """
                    {"store_type":"SqlStore","workspaces_enabled":false,"trace_archival_enabled":false,\
                    "multipart_uploads_enabled":false,"multipart_downloads_enabled":false,\
                    "presigned_upload_run_id_supported":false,"presigned_upload_model_id_supported":false,\
                    "features_enabled":{"gateway":false}}
                    """)
        }
    }

    @Test func `every endpoint is served under both addresses, and once`() async throws {
        try await withServer { server in
            var seen: Set<String> = []
            for endpoint in MLflowRoutes(store: server.store).endpoints {
                for address in endpoint.addresses {
                    let path = address.split(separator: "/")
                        .map { $0.hasPrefix(":") || $0 == "**" ? "x" : $0 }.joined(separator: "/")
                    for method in endpoint.methods.map(\.rawValue) {
                        #expect(seen.insert("\(method) \(address)").inserted)
                        let answer = try await server.ask("/" + path, method: method)
                        #expect(answer.text != Self.notFound, "\(method) \(address)")
                    }
                }
            }
            #expect(seen.contains("GET /ajax-api/3.0/mlflow/server-info"))
        }
    }

    @Test func `a method that is not served is not there`() async throws {
        try await withServer { server in
            let answer = try await server.post("/api/3.0/mlflow/server-info", "{}")
            #expect(answer.text == Self.notFound)
        }
    }

    @Test func `the version is the program's, as bare text`() async throws {
        try await withServer { server in
            let answer = try await server.ask("/version")
            #expect(answer.status == 200)
            #expect(answer.text == "0.1.2")
        }
    }

    @Test func `a body that says it is too large is not waited for`() async throws {
        try await withServer { server in
            let answer = try await server.ask(
                raw: """
                    POST /api/v1/series HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nConnection: close\r
                    Content-Type: application/json\r\nContent-Length: 8388609\r\n\r\n
                    """)
            #expect(answer.status == 413)
            #expect(
                answer.text == """
                    {"error":{"code":"invalid","message":"the body is larger than 8388608 bytes"}}
                    """)
        }
    }

    @Test func `a body that does not say its length is counted`() async throws {
        try await withServer { server in
            let connection = try Connection(port: server.port)
            let head = """
                POST /api/v1/series HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r
                Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n800001\r\n
                """
            let body = String(repeating: " ", count: 8 << 20 | 1)
            // Sending blocks until the server reads, and its handlers need the cooperative pool.
            DispatchQueue.global().async { connection.send(head + body + "\r\n0\r\n\r\n") }
            let answer = try await connection.read(until: "}}")
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.contains("the body is larger than 8388608 bytes"))
        }
    }
}
