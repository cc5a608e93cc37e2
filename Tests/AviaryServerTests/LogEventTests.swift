import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct LogEventTests {
    private static func write(_ text: String, of run: RunID, _ server: RunningServer) async throws {
        _ = try await server.store.storeArtifact(run, path: "logs/console.log", bytes: Array(text.utf8))
    }

    private static func told(_ events: [ToldEvent]) -> String {
        events.filter { $0.name == "log" }.compactMap { $0.data["text"]?.text }.joined()
    }

    @Test func `new lines come, whole ones while the run goes on`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            try await Self.write("first\nsecö", of: run, server)
            var reader = try EventReader(server, "?log=\(run)&logOffset=0")
            let events = try await reader.events { !$0.isEmpty }
            #expect(
                events[0].data == [
                    "run": .text("\(run)"), "from": .integer(0), "to": .integer(6), "text": .text("first\n"),
                ])
            try await Self.write("first\nsecönd\nthird", of: run, server)
            let more = try await reader.events {
                Self.told($0).contains("second") || Self.told($0).contains("secönd")
            }
            #expect(Self.told(more) == "first\nsecönd\n")
            try await server.store.end(run, .finished, at: .now)
            #expect(
                Self.told(try await reader.events { Self.told($0).contains("third") })
                    == "first\nsecönd\nthird")
        }
    }

    @Test func `without a place only what is added comes`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            try await Self.write("old\n", of: run, server)
            var reader = try EventReader(server, "?log=\(run)")
            _ = try await reader.opening()
            try await Self.write("old\nnew\n", of: run, server)
            #expect(Self.told(try await reader.events { !Self.told($0).isEmpty }) == "new\n")
        }
    }

    @Test func `whoever comes back again and again gets each line once`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let lines = (0..<40).map { "line \($0) \(String(repeating: "x", count: $0 * 97))" }
            let writing = Task {
                for count in 1...lines.count {
                    try await Self.write(lines.prefix(count).map { $0 + "\n" }.joined(), of: run, server)
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            var told = ""
            var id: String?
            while !told.contains(lines[39] + "\n") {
                var reader = try EventReader(server, "?log=\(run)&logOffset=0", lastID: id)
                let event = try #require(
                    try await reader.events { $0.contains { $0.name == "log" } }.first { $0.name == "log" })
                told += event.data["text"]?.text ?? ""
                id = event.id
            }
            try await writing.value
            #expect(told == lines.map { $0 + "\n" }.joined())
        }
    }

    @Test func `a long log comes in pieces that end with a line or a character`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let lines = String(repeating: "0123456789\n", count: 20_000)
            let text = lines + String(repeating: "é", count: 100_001) + "\n"
            try await Self.write(text, of: run, server)
            var reader = try EventReader(server, "?log=\(run)&logOffset=0")
            let events = try await reader.events { Self.told($0).utf8.count >= text.utf8.count }
            #expect(Self.told(events) == text)
            let pieces = events.compactMap { $0.data["text"]?.text }
            #expect(pieces.count > 6)
            #expect(pieces.allSatisfy { $0.utf8.count <= 64 << 10 })
            #expect(pieces[0].hasSuffix("9\n"))
        }
    }

    @Test func `another log is told from its beginning`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            try await Self.write("one\ntwo\n", of: run, server)
            var reader = try EventReader(server, "?log=\(run)")
            let id = try await reader.opening()
            for other in ["three\n", "four\nfive\nsix\n"] {  // shorter, and longer
                try await Self.write(other, of: run, server)
                var again = try EventReader(server, "?log=\(run)", lastID: id)
                let event = try #require(try await again.events { $0.contains { $0.name == "log" } }.last)
                #expect(event.data["from"] == .integer(0))
                #expect(event.data["text"]?.text == other)
            }
        }
    }

    @Test(arguments: [10, 10_000, Int64.max])
    func `a place behind the end of the log is none`(offset: Int64) async throws {
        try await withServer { server in
            let run = try await server.begin()
            try await Self.write("one\ntwo\n", of: run, server)
            var reader = try EventReader(server, "?log=\(run)", lastID: "1.1.\(offset).00000000")
            #expect(Self.told(try await reader.events { !Self.told($0).isEmpty }) == "one\ntwo\n")
        }
    }

    @Test(arguments: ["1", "12.11", "12.11.4096.89abcdef", "0.0.0.00000000"])
    func `a place is read as it is written`(text: String) {
        #expect(EventPosition(text)?.text == text)
    }

    @Test(arguments: [
        "", "x", "-1", "1.", "1.2.3", "1.2.3.4", "1.2.-3.00000000", "1.2.3.0000000g", "1.2.3.00000000.5",
        "99999999999999999999",
    ])
    func `what is no place is none`(text: String) {
        #expect(EventPosition(text) == nil)
    }
}
