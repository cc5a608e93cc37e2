import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct AnswerTagTests {
    /// The answer to whoever has the one before: whole, with its tag, or 304 without a body.
    private static func again(_ path: String, _ tag: String?, _ server: RunningServer) async throws -> Answer
    {
        try await server.ask(path, headers: ["If-None-Match: \(tag ?? "")"])
    }

    @Test(
        arguments: [
            "experiments", "experiments/1", "runs", "runs?filter=params.a%20%3D%20%271%27", "runs/RUN",
            "runs/RUN/artifacts", "registered-models", "model-versions", "logged-models",
        ])
    func `an answer is given once until it changes`(path: String) async throws {
        try await withServer { server in
            let run = try await server.begin(in: "vision", params: ["a": "1"])
            let path = "/api/v1/" + path.replacing("RUN", with: "\(run)")
            let first = try await server.ask(path)
            #expect(first.status == 200)
            #expect(first.headers["cache-control"] == "no-cache")
            let tag = try #require(first.headers["etag"])
            #expect(tag.hasPrefix("W/\""))
            let known = try await Self.again(path, "\"other\", \(tag)", server)
            #expect(known.status == 304)
            #expect(known.body == [])
            #expect(known.headers["etag"] == tag)
            try await server.log([1], of: run)
            let changed = try await Self.again(path, tag, server)
            #expect(changed.status == 200)
            #expect(changed.headers["etag"] != tag)
        }
    }

    @Test func `a run's answer stays while others change`() async throws {
        try await withServer { server in
            let run = try await server.begin(in: "vision")
            let path = "/api/v1/runs/\(run)"
            var tag = try await server.ask(path).headers["etag"]
            _ = try await server.begin(in: "vision")
            #expect(try await Self.again(path, tag, server).status == 304)
            try await server.store.renameExperiment(1, to: "images")
            let renamed = try await Self.again(path, tag, server)
            #expect(renamed.text.contains("\"experiment\":\"images\""))
            tag = renamed.headers["etag"]
            try await server.store.deleteRun(run)
            let deleted = try await Self.again(path, tag, server)
            #expect(deleted.text.contains("\"deleted\":true"))
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["/api/v1/runs", "/api/v1/runs/RUN"])
    func `a run that falls silent changes answers without a write`(path: String) async throws {
        try await withServer { server in
            let run = try await server.begin()
            let path = path.replacing("RUN", with: "\(run)")
            let almost = Heartbeat.tolerance.components.seconds * 1000 - 1500
            var first: Answer
            repeat {  // on a machine with other work, that moment passes before the first answer
                let beat = Timestamp(milliseconds: Timestamp.now.milliseconds - almost)
                try await server.store.heartbeat(run, at: beat)
                first = try await server.ask(path)
            } while first.text.contains("\"stale\":true")
            var answer = first
            repeat {
                try await Task.sleep(for: .milliseconds(100))
                answer = try await Self.again(path, first.headers["etag"], server)
            } while answer.status == 304
            #expect(answer.text.contains("\"stale\":true"))
        }
    }

    @Test func `what depends on the time of day has no tag`() async throws {
        try await withServer { server in
            for path in [
                "runs?filter=start_time", "experiments?filter=creation_time",
                "logged-models?filter=creation_time", "registered-models?filter=creation_timestamp",
                "model-versions?filter=creation_timestamp",
            ] {
                let answer = try await Self.again("/api/v1/\(path)%20%3C%20NOW()%20-%202h", "*", server)
                #expect(answer.status == 200)
                #expect(answer.headers["etag"] == nil)
                #expect(answer.headers["cache-control"] == "no-store")
            }
        }
    }

    @Test func `a server that was started anew has other tags`() async throws {
        var tags: Set<String> = []
        for _ in 0..<2 {
            try await withServer { server in
                tags.insert(try await server.ask("/api/v1/experiments").headers["etag"] ?? "")
            }
        }
        #expect(tags.count == 2)
    }

    @Test func `what is wrong is refused, whatever the client has`() async throws {
        try await withServer { server in
            for path in ["runs?filter=loss%20%3C", "runs?cursor=x&order=start_time", "logged-models?order=x"]
            {
                let refused = try await Self.again("/api/v1/\(path)", "*", server)
                #expect(refused.status == 400)
            }
            let missing = try await Self.again("/api/v1/runs/\(RunID.random())", "*", server)
            #expect(missing.status == 404)
        }
    }
}
