import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct EventRouteTests {
    @Test func `a change reaches every page at once, with the run's id`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            var readers = [try EventReader(server), try EventReader(server)]
            for index in readers.indices { _ = try await readers[index].opening() }
            let clock = ContinuousClock()
            let start = clock.now
            try await server.log([1], of: run)
            let revision = try await server.store.changes(since: .max).revision
            for index in readers.indices {
                let event = try #require(try await readers[index].events { !$0.isEmpty }.first)
                #expect(event.name == "changes")
                #expect(event.id == "\(revision)")
                #expect(event.data == ["revision": .integer(revision), "runs": .array([.text("\(run)")])])
            }
            // 200 ms and what a loaded machine adds; without the change it would be 15 seconds.
            #expect(clock.now - start < .seconds(10))
        }
    }

    @Test func `whoever comes back is told what was missed, by either name of the id`() async throws {
        try await withServer { server in
            let before = try await server.store.changes(since: .max).revision
            let run = try await server.begin()
            let after = try await server.store.changes(since: .max).revision
            for (query, field) in [
                ("", "\(before)"), ("?lastEventId=\(before)", nil), ("?lastEventId=9", "\(before)"),
            ] {
                var reader = try EventReader(server, query, lastID: field)
                #expect(try await reader.opening() == "\(before)")
                let event = try #require(try await reader.events { !$0.isEmpty }.first)
                #expect(event.id == "\(after)")
                #expect(event.data["runs"]?.texts == ["\(run)"])
            }
        }
    }

    @Test func `points come as they are measured, of the runs that are followed`() async throws {
        try await withServer { server in
            let (run, other) = (try await server.begin(), try await server.begin())
            try await server.log([9], to: "before", of: run)
            var reader = try EventReader(server, "?points=\(run)")
            _ = try await reader.opening()
            try await server.log([.nan, 0.5], to: "train/loss", of: run)
            try await server.log([1], of: other)
            let event = try #require(try await reader.events { $0.contains { $0.name == "points" } }.last)
            let time = "1970-01-01T00:16:40.0"
            #expect(
                event.data["series"]
                    == .array([
                        [
                            "run": .text("\(run)"), "key": .text("train/loss"),
                            "points": .array([
                                ["step": .integer(0), "time": .text("\(time)00Z"), "value": .text("NaN")],
                                ["step": .integer(1), "time": .text("\(time)10Z"), "value": .number(0.5)],
                            ]),
                        ]
                    ]))
            #expect(event.data["reset"] == .array([]))
        }
    }

    @Test func `whoever comes back again and again gets each point once`() async throws {
        try await withServer { server in
            let runs = [try await server.begin(), try await server.begin()]
            let query = "?points=\(runs[0]),\(runs[1])"
            let logging = Task {
                for step in 0..<300 {
                    let point = { (key: String) in
                        MetricPoint(
                            key: key, value: 1, step: Int64(step), timestamp: Timestamp(milliseconds: 1))
                    }
                    try await server.store.log(
                        runs[step % 2], points: [point("a"), point("b")], params: [:], tags: [:])
                    if step % 50 == 0 { try await Task.sleep(for: .milliseconds(150)) }
                }
            }
            var told: [String] = []
            var id: String = "0"
            while told.count < 600 {
                // Hung up after each event, as a bad network does.
                var reader = try EventReader(server, query, lastID: id)
                let count = Int.random(in: 1...3)
                let missing = 600 - told.count
                let events = try await reader.events { events in
                    events.count >= count || events.flatMap(\.points).count >= missing
                }.prefix(count)
                for event in events {
                    told += event.points
                    id = event.id
                }
            }
            try await logging.value
            let expected = (0..<300).flatMap { step in ["a", "b"].map { "\(runs[step % 2])/\($0)/\(step)" } }
            #expect(told.sorted() == expected.sorted())
        }
    }

    @Test func `a slow reader is told of all that happened at once`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            var reader = try EventReader(server, "?points=\(run)")
            _ = try await reader.opening()
            for step in 0..<1500 {  // nobody reads meanwhile
                let point = MetricPoint(key: "loss", value: 1, step: Int64(step), timestamp: .now)
                try await server.store.log(run, points: [point], params: [:], tags: [:])
            }
            let events = try await reader.events { $0.flatMap(\.points).count >= 1500 }
            #expect(events.flatMap(\.points) == (0..<1500).map { "\(run)/loss/\($0)" })
            #expect(events.count { $0.name == "points" } < 1500)
        }
    }

    @Test func `a run that went back to a checkpoint is to be asked anew`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            try await server.log([1, 2, 3], of: run)
            let before = try await server.store.changes(since: .max).revision
            try await server.store.resume(run, lastSteps: ["loss": 0], at: .now)
            var reader = try EventReader(server, "?points=\(run)", lastID: "\(before)")
            let event = try #require(try await reader.events { $0.count == 2 }.last)
            #expect(event.data["reset"]?.texts == ["\(run)"])
            #expect(event.data["series"] == .array([]))
        }
    }

    @Test func `whoever hangs up among many points is told of a run that went back all the same`()
        async throws
    {
        try await withServer { server in
            let (cut, long) = (try await server.begin(), try await server.begin())
            try await server.log([1, 2, 3], of: cut)
            let before = "\(try await server.store.changes(since: .max).revision)"
            for part in 0..<35 {
                let points = (0..<100).map { index in
                    MetricPoint(key: "loss", value: 1, step: Int64(part * 100 + index), timestamp: .now)
                }
                try await server.store.log(long, points: points, params: [:], tags: [:])
                if part == 3 { try await server.store.resume(cut, lastSteps: ["loss": 0], at: .now) }
            }
            let all = (0..<3500).map { "\(long)/loss/\($0)" }
            let query = "?points=\(cut),\(long)"
            var whole = try EventReader(server, query, lastID: before)
            let events = try await whole.events { $0.flatMap(\.points).count == all.count }
            #expect(events.count > 3)
            for count in 1..<events.count {
                let told = events.prefix(count)
                var later = try EventReader(server, query, lastID: told[count - 1].id)
                let missing = all.count - told.flatMap(\.points).count
                let rest = try await later.events { $0.flatMap(\.points).count >= missing }
                let both = told + rest
                #expect(both.contains { $0.data["reset"]?.texts == ["\(cut)"] })
                #expect(both.flatMap(\.points).sorted() == all.sorted())
            }
        }
    }

    @Test func `in a store that is another, anything may have changed`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let now = try await server.store.changes(since: .max).revision
            var reader = try EventReader(server, "?points=\(run)", lastID: "1000")
            let events = try await reader.events { $0.count == 2 }
            #expect(events[0].data == ["revision": .integer(now), "runs": .null])
            #expect(events[1].data["reset"]?.texts == ["\(run)"])
            #expect(events.map(\.id).last == "\(now)")
        }
    }

    @Test(
        arguments: [
            ("points=x", "points: 'x' is not 32 lower-case hexadecimal digits"),
            ("log=x", "log: 'x' is not 32 lower-case hexadecimal digits"),
            ("logOffset=-1", "logOffset: '-1' is not a number of bytes"),
            ("logOffset=%2B1", "logOffset: '+1' is not a number of bytes"),
            ("lastEventId=1.2.3", "lastEventId: '1.2.3' is no id of an event of this server"),
            ("run=1", "run: there is no such query item here; known: points, log, logOffset, lastEventId"),
            (
                "points=\(Array(repeating: "a", count: 21).joined(separator: ","))",
                "points: 21 runs; at most 20 are followed"
            ),
        ])
    func `what cannot be followed is refused`(query: String, message: String) async throws {
        try await withServer { server in
            let answer = try await server.ask("/api/v1/events?\(query)")
            #expect(answer.status == 400)
            #expect(answer.text == "{\"error\":{\"code\":\"invalid\",\"message\":\"\(message)\"}}")
        }
    }

    @Test func `a run that is not there is not followed`() async throws {
        try await withServer { server in
            for item in ["points", "log"] {
                let answer = try await server.ask("/api/v1/events?\(item)=\(RunID.random())")
                #expect(answer.status == 404)
            }
            let field = "Last-Event-ID: seven"
            #expect(try await server.ask("/api/v1/events", headers: [field]).status == 400)
        }
    }

    @Test func `open streams do not hold up the end`() async throws {
        let clock = ContinuousClock()
        var start = clock.now
        try await withServer { server in
            var reader = try EventReader(server)
            _ = try await reader.opening()
            start = clock.now
        }
        #expect(clock.now - start < .seconds(5))
    }
}
