import AviaryTracking
import AviaryTrackingStore
import Testing

/// Ten bytes, a digit each.
private let digits = Array("0123456789".utf8)
private let digitsDigest = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"

struct ArtifactRoutesTests {
    @Test func `a run's files are listed`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            _ = try await server.store.storeArtifact(run, path: "logs/console.log", bytes: digits)
            let answer = try await server.ask("/api/v1/runs/\(run)/artifacts")
            #expect(
                answer.text == """
                    {"artifacts":[{"path":"logs/console.log","size":10,"sha256":"\(digitsDigest)"}],"next":null}
                    """)
        }
    }

    @Test func `a file comes as an attachment in a sandbox`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            _ = try await server.store.storeArtifact(run, path: "pages/ä \"b\".html", bytes: digits)
            let answer = try await server.ask("/api/v1/runs/\(run)/artifacts/pages/%C3%A4%20%22b%22.html")
            #expect(answer.status == 200)
            #expect(answer.body == digits)
            #expect(answer.headers["content-type"] == "text/html")
            #expect(answer.headers["content-security-policy"] == "sandbox; default-src 'none'")
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(
                answer.headers["content-disposition"]
                    == "attachment; filename=\"a \\\"b\\\".html\"; filename*=UTF-8''%C3%A4%20%22b%22.html")
            #expect(answer.headers["etag"] == "\"\(digitsDigest)\"")
        }
    }

    @Test(
        arguments: [
            (["Range: bytes=0-3"], 206, "0123", "bytes 0-3/10"),
            (["Range: bytes=8-"], 206, "89", "bytes 8-9/10"),
            (["Range: bytes=-3"], 206, "789", "bytes 7-9/10"),
            (["Range: bytes=5-99"], 206, "56789", "bytes 5-9/10"),
            (["Range: bytes=10-"], 416, "", "bytes */10"),
            (["Range: bytes=0-1,3-4"], 200, "0123456789", nil),
            (["Range: bytes=4-2"], 200, "0123456789", nil),
            (["Range: bytes=8-", "If-Range: \"other\""], 200, "0123456789", nil),
            (["Range: bytes=8-", "If-Range: \"\(digitsDigest)\""], 206, "89", "bytes 8-9/10"),
            (["If-None-Match: \"x\", W/\"\(digitsDigest)\""], 304, "", nil),
        ] as [([String], Int, String, String?)])
    func `a part is given to whoever asks`(
        fields: [String], status: Int, body: String, range: String?
    ) async throws {
        try await withServer { server in
            let run = try await server.begin()
            _ = try await server.store.storeArtifact(run, path: "digits", bytes: digits)
            let answer = try await server.ask("/api/v1/runs/\(run)/artifacts/digits", headers: fields)
            #expect(answer.status == status)
            #expect(answer.text == body)
            #expect(answer.headers["content-range"] == range)
        }
    }

    @Test(
        arguments: [
            ("none", 404), ("..%2F..%2Faviary.db", 400), ("a/../b", 400), ("a%5Cb", 400), ("%00", 400),
            ("%FF", 400), ("%2", 400), ("a%2F%2Fb", 400),
        ])
    func `a path with tricks opens nothing`(path: String, status: Int) async throws {
        try await withServer { server in
            let run = try await server.begin()
            #expect(try await server.ask("/api/v1/runs/\(run)/artifacts/\(path)").status == status)
        }
    }
}
