import AviaryArtifacts
import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import Testing

private let files = "/api/2.0/mlflow-artifacts/artifacts"
private let noRun = String(repeating: "0", count: 32)
private let digits = "0123456789"
private let digitsDigest = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"

struct ArtifactEndpointsTests {
    @Test(arguments: ["/api", "/ajax-api"])
    func `a file is put, listed, fetched and deleted`(base: String) async throws {
        try await withServer { server in
            let address = base + "/2.0/mlflow-artifacts/artifacts"
            let put = try await server.ask("\(address)/1/a%20b/c.json", method: "PUT", body: "[1]")
            #expect(put.status == 200)
            #expect(put.text == "")
            let sha256 = BlobStore.sha256(Array("[1]".utf8))
            #expect(put.headers["etag"] == "\"\(sha256)\"")
            let got = try await server.ask("\(address)/1/a%20b/c.json")
            #expect(got.status == 200)
            #expect(got.text == "[1]")
            #expect(got.headers["content-type"] == "text/plain")
            #expect(got.headers["content-length"] == "3")
            #expect(got.headers["content-disposition"] == "attachment; filename=c.json")
            #expect(got.headers["content-security-policy"] == "sandbox; default-src 'none'")
            #expect(got.headers["x-content-type-options"] == "nosniff")
            #expect(got.headers["etag"] == "\"\(sha256)\"")
            #expect(
                try await server.ask("\(address)?path=1").text == #"{"files":[{"path":"a b","is_dir":true}]}"#
            )
            #expect(try await server.ask("\(address)/1", method: "DELETE").text == "{}")
            #expect(try await server.ask("\(address)?path=1").text == "{}")
            #expect(try await server.ask("\(address)/1/a%20b/c.json").status == 404)
            #expect(try await server.ask("\(address)/1", method: "DELETE").text == "{}")
        }
    }

    @Test func `a list has names in order, and sizes of what has any`() async throws {
        try await withServer { server in
            for (path, text) in [
                ("r/b", "22"), ("r/a/x", "1"), ("r/a.txt", "333"), ("r/empty", ""), ("q", "4"),
            ] {
                _ = try await server.put(path, text)
            }
            let answers = [
                "": #"{"files":[{"path":"q","is_dir":false,"file_size":1},{"path":"r","is_dir":true}]}"#,
                "?path=":
                    #"{"files":[{"path":"q","is_dir":false,"file_size":1},{"path":"r","is_dir":true}]}"#,
                "?path=r": """
                {"files":[{"path":"a","is_dir":true},{"path":"a.txt","is_dir":false,"file_size":3},\
                {"path":"b","is_dir":false,"file_size":2},{"path":"empty","is_dir":false}]}
                """,
                "?path=./r//a/": #"{"files":[{"path":"x","is_dir":false,"file_size":1}]}"#,
                "?path=q": "{}", "?path=none": "{}", "?path=r%5ca": "{}", "?path=r%00": "{}",
            ]
            for (query, answer) in answers {
                #expect(try await server.ask(files + query).text == answer, "\(query)")
            }
        }
    }

    @Test func `an overwritten file is the new one, whole`() async throws {
        try await withServer { server in
            for text in ["first, which is long", "second", "", "third"] {
                #expect(try await server.put("a/note.txt", text).status == 200)
                let answer = try await server.ask(files + "/a/note.txt")
                #expect(answer.status == 200)
                #expect(answer.text == text)
            }
        }
    }

    @Test(
        arguments: [
            (["Range: bytes=0-3"], 206, "0123", "bytes 0-3/10"),
            (["Range: bytes=8-"], 206, "89", "bytes 8-9/10"),
            (["Range: bytes=-3"], 206, "789", "bytes 7-9/10"),
            (["Range: bytes=10-"], 416, "", "bytes */10"),
            (["Range: bytes=8-", "If-Range: \"other\""], 200, digits, nil),
            (["If-None-Match: \"\(digitsDigest)\""], 304, "", nil),
        ] as [([String], Int, String, String?)])
    func `a part is given to whoever asks`(
        fields: [String], status: Int, body: String, range: String?
    ) async throws {
        try await withServer { server in
            _ = try await server.put("1/digits", digits)
            let answer = try await server.ask(files + "/1/digits", headers: fields)
            #expect(answer.status == status)
            #expect(answer.text == body)
            #expect(answer.headers["content-range"] == range)
            let head = try await server.ask(files + "/1/digits", method: "HEAD")
            #expect(head.status == 200)
            #expect(head.text == "")
            #expect(head.headers["content-length"] == "10")
        }
    }

    @Test func `what is refused is refused in MLflow's words, and nothing is kept`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            _ = try await server.put("r/a/b", "x")
            let before = files(under: server.folder + "/store/blobs")
            let cases: [(String, Int, String)] = [
                ("GET /r/none", 404, "No such artifact: 'r/none'"),
                ("GET /r/a", 400, "Artifact path refers to a directory, not a file: 'r/a'"),
                ("GET /r//a/.", 400, "Artifact path refers to a directory, not a file: 'r//a/.'"),
                ("GET /.", 400, "Artifact path refers to a directory, not a file: '.'"),
                ("GET /r/a%5cb", 404, "No such artifact: 'r/a\\b'"),
                ("GET /r/a%00b", 404, "No such artifact: 'r/a%00b'"),
                ("GET /r/%2e%2e/b", 400, "Invalid path"),
                ("GET ?path=../x", 400, "Invalid path"),
                ("GET ?path=%ff", 400, "the percent encoding of 'path=%ff' is broken"),
                ("PUT /../x", 400, "Invalid path"),
                ("PUT /r/%252e%252e%252fx", 400, "Invalid path"),
                ("PUT /r/folder/", 400, "Artifact path must include a filename (cannot end with '/')."),
                ("PUT /r/a", 400, "path: 'r/a' is a folder"),
                ("PUT /r/a/b/c", 400, "path: 'r/a/b' is a file, and no folder"),
                ("PUT /r/a%0ab", 400, "Invalid path: a name has no control characters"),
                ("DELETE /..", 400, "Invalid path"),
                ("DELETE /.", 400, "Invalid path: it names all files of all runs"),
                ("GET //2.0/", 404, "there is no such endpoint"),
            ]
            for (call, status, message) in cases {
                let parts = call.split(separator: " ", maxSplits: 1)
                let address =
                    parts[1].hasPrefix("//") ? "/api//2.0/mlflow-artifacts/artifacts/x" : files + parts[1]
                let answer = try await server.ask(
                    address, method: String(parts[0]), body: parts[0] == "PUT" ? "body" : nil)
                #expect(answer.status == status, "\(call)")
                #expect(try JSONValue(answer)["message"]?.text == message, "\(call)")
            }
            #expect(files(under: server.folder + "/store/blobs") == before)
            #expect(names(in: server.folder + "/store/tmp") == [])
            #expect(try await server.store.artifacts(of: run).isEmpty)
            #expect(try await server.store.artifactEntries(of: "").map(\.name) == ["r"])
        }
    }

    @Test func `what goes by signed addresses is refused as clients expect`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            try await server.check(
                [
                    .refused(
                        "GET presigned/1/a", "",
                        "Multipart download is not supported for the current artifact repository",
                        .notImplemented),
                    .refused("GET presigned/..", "", "Invalid path"),
                ], base: "/api/2.0/mlflow-artifacts/")
            let (up, down) = ("POST artifacts/presigned-upload-url", "POST artifacts/presigned-download-url")
            let one = "Exactly one of run_id and model_id must be provided."
            try await server.check([
                .refused(
                    up, #"{"run_id":"\#(run)","path":"x"}"#,
                    "Presigned upload is not supported for proxied artifact storage (artifact URI scheme: "
                        + "mlflow-artifacts). This endpoint requires a direct cloud storage artifact URI."),
                .refused(
                    up, #"{"run_id":"\#(noRun)","path":"x"}"#, "Run with id=\(noRun) not found",
                    .resourceDoesNotExist),
                .refused(
                    up, #"{"model_id":"m-1","path":"x"}"#, "Logged model with ID 'm-1' not found.",
                    .resourceDoesNotExist),
                .refused(up, #"{"path":"x"}"#, one),
                .refused(up, #"{"run_id":"a","model_id":"b","path":"x"}"#, one),
                .missing("path", up, #"{"run_id":"a"}"#),
                .refused(up, #"{"run_id":"a","path":"../x"}"#, "Invalid path"),
                .refused(
                    down, #"{"run_id":"\#(run)","path":"x"}"#,
                    "Presigned download is not supported for runs with proxied artifact storage (artifact URI "
                        + "scheme: mlflow-artifacts). This endpoint requires a run with a direct cloud storage "
                        + "artifact URI."),
                .refused(
                    down, #"{"run_id":"\#(run)","path":"x","expiration":0}"#,
                    "expiration must be between 1 and 604800 seconds (got 0)."),
                .missing("run_id", down, #"{"path":"x"}"#),
            ])
        }
    }

    @Test func `a run's own files are listed below its root`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let root = "\"root_uri\":\"mlflow-artifacts:/1/\(run)/artifacts\""
            _ = try await server.put("1/\(run)/artifacts/b/c", "1")
            _ = try await server.store.storeArtifact(run, path: "a.txt", bytes: [1, 2])
            let list = "GET artifacts/list?run_id=@run"
            let inB = #"{\#(root),"files":[{"path":"b/c","is_dir":false,"file_size":1}]}"#
            try await server.check(
                [
                    .ok(
                        list, "",
                        #"{\#(root),"files":[{"path":"a.txt","is_dir":false,"file_size":2},{"path":"b","is_dir":true}]}"#
                    ),
                    .ok(list + "&path=b", "", inB),
                    .ok(list + "&path=b/", "", inB),
                    .ok(list + "&path=./b", "", inB.replacing("b/c", with: "./b/c")),
                    .ok(list + "&page_token=any&path=b", "", inB),
                    .ok("GET artifacts/list?run_uuid=@run&path=b", "", inB),
                    .ok(list + "&path=none", "", "{\(root)}"),
                    .ok(list + "&path=a.txt", "", "{\(root)}"),
                    .refused(list + "&path=../..", "", "Invalid path"),
                    .missing("run_id", "GET artifacts/list"),
                    .refused(
                        "GET artifacts/list?run_id=\(noRun)", "", "Run with id=\(noRun) not found",
                        .resourceDoesNotExist),
                ], run: run.description)
        }
    }

    @Test func `a long list comes whole`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let names = (1000..<1600).map { "file-\($0)" }
            for name in names { _ = try await server.store.storeArtifact(run, path: name, bytes: [1]) }
            let answer = try JSONValue(await server.mlflow("GET artifacts/list?run_id=\(run)"))
            #expect(answer["files"]?.elements.compactMap { $0["path"]?.text } == names)
            #expect(answer["next_page_token"] == nil)
        }
    }

    @Test func `files of a run in other storage are below its number, and the label is never opened`()
        async throws
    {
        try await withServer { server in
            let experiment = try await server.store.createExperiment(
                NewExperiment(name: "e", artifactLocation: "/etc"))
            let run = try await server.store.createRun(
                NewRun(experiment: .numbered(experiment.id), startTime: .now)
            ).id
            _ = try await server.store.storeArtifact(run, path: "passwd", bytes: [1])
            #expect(try await server.ask("/get-artifact?run_id=\(run)&path=passwd").body == [1])
            #expect(
                try await server.mlflow("GET artifacts/list?run_id=\(run)").text
                    == #"{"root_uri":"/etc/\#(run)/artifacts","files":[{"path":"passwd","is_dir":false,"file_size":1}]}"#
            )
        }
    }
}

struct ArtifactPageEndpointsTests {
    @Test func `the page fetches a file of a run`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            _ = try await server.store.storeArtifact(run, path: "a/b.html", bytes: Array(digits.utf8))
            for query in ["run_id=\(run)", "run_uuid=\(run)", "run_id=&run_uuid=\(run)"] {
                let answer = try await server.ask(
                    "/get-artifact?\(query)&path=a/b.html", headers: ["Range: bytes=2-4"])
                #expect(answer.status == 206)
                #expect(answer.text == "234")
                #expect(answer.headers["content-type"] == "text/html")
                #expect(answer.headers["content-disposition"] == "attachment; filename=b.html")
                #expect(answer.headers["content-security-policy"] == "sandbox; default-src 'none'")
            }
            let root = "1/\(run)/artifacts"
            let missing =
                "Missing value for required parameter 'path'. See the API docs for more information about "
                + "request parameters."
            let cases: [(String, Int, String)] = [
                ("", 400, missing), ("run_id=\(run)", 400, missing),
                ("path=a/b.html", 404, "Run with id=None not found"),
                ("run_id=\(noRun)&path=a/b.html", 404, "Run with id=\(noRun) not found"),
                ("run_id=\(run)&path=none", 404, "No such artifact: '\(root)/none'"),
                ("run_id=\(run)&path=a", 400, "Artifact path refers to a directory, not a file: '\(root)/a'"),
                ("run_id=\(run)&path=", 400, "Artifact path refers to a directory, not a file: '\(root)/'"),
                ("run_id=\(run)&path=..", 400, "Invalid path"),
                ("run_id=\(run)&path=file:///etc/passwd", 400, "Invalid path"),
            ]
            for (query, status, message) in cases {
                let answer = try await server.ask("/get-artifact?\(query)")
                #expect(answer.status == status, "\(query)")
                #expect(try JSONValue(answer)["message"]?.text == message, "\(query)")
            }
        }
    }

    @Test func `errors before the endpoint have MLflow's shape there too`() async throws {
        try await withServer { server in
            for path in ["/get-artifact", "/model-versions/get-artifact"] {
                let answer = try await server.ask(path, host: "example.org")
                #expect(answer.status == 403)
                #expect(try JSONValue(answer)["error_code"]?.text == "PERMISSION_DENIED")
            }
        }
    }

    @Test func `models that are not there have no files`() async throws {
        try await withServer { server in
            let version = try await server.ask("/model-versions/get-artifact?name=n&version=1&path=x")
            #expect(version.status == 404)
            #expect(try JSONValue(version)["message"]?.text == "Model Version (name=n, version=1) not found")
            let leaving = try await server.ask("/model-versions/get-artifact?name=n&version=1&path=../x")
            #expect(try JSONValue(leaving)["message"]?.text == "Invalid path")
            try await server.check([
                .refused(
                    "GET logged-models/m-1/artifacts/files", "",
                    "Request must include the \"artifact_file_path\" query parameter.", .badRequest),
                .refused(
                    "GET logged-models/m-1/artifacts/files?artifact_file_path=../x", "", "Invalid path"),
                .refused(
                    "GET logged-models/m-1/artifacts/files?artifact_file_path=x", "",
                    "Logged model with ID 'm-1' not found.", .resourceDoesNotExist),
            ])
        }
    }

    @Test func `the page sends a small file`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let address = "/ajax-api/2.0/mlflow/upload-artifact"
            let sent = try await server.ask(
                "\(address)?run_uuid=\(run)&path=up/a.txt", method: "POST", body: "up")
            #expect(sent.status == 200)
            #expect(sent.text == "")
            #expect(try await server.ask("/get-artifact?run_id=\(run)&path=up/a.txt").text == "up")
            let limit = 10 << 20
            let whole = String(repeating: "x", count: limit)
            let cases: [(String, String?, Int, String?)] = [
                ("", "x", 400, "Request must specify run_uuid."),
                ("run_id=\(run)&path=x", "x", 400, "Request must specify run_uuid."),
                ("run_uuid=\(run)", "x", 400, "Request must specify path."),
                ("run_uuid=\(run)&path=../x", "x", 400, "Invalid path"),
                ("run_uuid=\(run)&path=x", nil, 400, "Request must specify data."),
                ("run_uuid=\(run)&path=up", "x", 400, "path: '1/\(run)/artifacts/up' is a folder"),
                ("run_uuid=\(noRun)&path=x", "x", 404, "Run with id=\(noRun) not found"),
                ("run_uuid=\(run)&path=ten", whole, 200, nil),
                (
                    "run_uuid=\(run)&path=more", whole + "x", 400,
                    "Artifact size is too large. Max size is 10MB."
                ),
            ]
            for (query, body, status, message) in cases {
                let answer = try await server.ask("\(address)?\(query)", method: "POST", body: body)
                #expect(answer.status == status, "\(query)")
                if let message { #expect(try JSONValue(answer)["message"]?.text == message, "\(query)") }
            }
            #expect(try await server.store.artifacts(of: run).map(\.path) == ["ten", "up/a.txt"])
            #expect(names(in: server.folder + "/store/tmp") == [])
        }
    }
}

extension RunningServer {
    fileprivate func put(_ path: String, _ text: String) async throws -> Answer {
        try await ask("\(AviaryServerTests.files)/\(path)", method: "PUT", body: text)
    }
}
