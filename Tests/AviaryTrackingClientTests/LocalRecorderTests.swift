import AviaryTracking
import AviaryTrackingClient
import AviaryTrackingStore
import Foundation
import Testing

struct LocalRecorderTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    @Test func `everything logged is in the store after finish`() async throws {
        try await withFolder { folder in
            let recorder = try await LocalRecorder.start(
                store: folder, experiment: "birds", params: ["seed": "1"])
            for step in 0..<2500 { recorder.log(["loss": Double(step), "rate": 0.5], step: Int64(step)) }
            recorder.logParams(["depth": "8"])
            recorder.setTags(["note": "first"])
            recorder.logLine("hello")
            recorder.logArtifact([1, 2, 3], path: "model/weights.bin")
            try await recorder.finish(.finished)

            let store = try await SQLiteStore.open(folder, .read)
            let run = try await store.run(recorder.runID)
            #expect(run.status == .finished)
            #expect(run.params == ["seed": "1", "depth": "8"])
            #expect(run.tags["note"] == "first")
            #expect(run.metrics["loss"]?.last == 2499)
            #expect(try await store.history(recorder.runID, key: "loss").map(\.step) == Array(0..<2500))
            #expect(
                try await store.artifacts(of: run.id).map(\.path) == [
                    "logs/console.log", "model/weights.bin",
                ])
            try await store.close()
        }
    }

    @Test func `what flush returned from is there for another reader`() async throws {
        try await withFolder { folder in
            let recorder = try await LocalRecorder.start(store: folder, experiment: "birds")
            recorder.log(["loss": 1], step: 0)
            try await recorder.flush()
            let store = try await SQLiteStore.open(folder, .read)
            #expect(try await store.history(recorder.runID, key: "loss").count == 1)
            try await store.close()
            try await recorder.finish(.killed)
        }
    }

    @Test func `what one call logged comes to the store together`() async throws {
        try await withFolder { folder in
            let recorder = try await LocalRecorder.start(store: folder, experiment: "birds")
            let store = try await SQLiteStore.open(folder, .read)
            // Three do not divide the points of a batch.
            let values = ["loss": 1.0, "accuracy": 2, "rate": 3]
            let logging = Task {
                for step in 0..<20_000 { recorder.log(values, step: Int64(step)) }
                try await recorder.flush()
            }
            var looks = 0
            while try await store.run(recorder.runID).metrics["loss"]?.step ?? 0 < 19_999 {
                let metrics = try await store.run(recorder.runID).metrics
                #expect(Set(metrics.values.map(\.step)).count <= 1, "\(metrics.mapValues(\.step))")
                looks += 1
            }
            try await logging.value
            #expect(looks > 0)
            try await store.close()
            try await recorder.finish(.finished)
        }
    }

    @Test func `a call with more points than a batch takes loses none`() async throws {
        try await withFolder { folder in
            let recorder = try await LocalRecorder.start(store: folder, experiment: "birds")
            let values = (0..<2500).map { ("key\($0)", Double($0)) }
            recorder.log(Dictionary(uniqueKeysWithValues: values), step: 0)
            recorder.log(["last": 1], step: 0)
            try await recorder.finish(.finished)
            let store = try await SQLiteStore.open(folder, .read)
            #expect(try await store.run(recorder.runID).metrics.count == 2501)
            try await store.close()
        }
    }

    @Test func `a recorder that failed says so at once, and its run has failed`() async throws {
        try await withFolder { folder in
            let recorder = try await LocalRecorder.start(
                store: folder, experiment: "birds", params: ["seed": "1"])
            try recorder.check()
            recorder.logParams(["seed": "2"])
            let problem = Self.seedChanged(recorder.runID)
            await #expect(throws: problem) { try await recorder.flush() }
            #expect(throws: problem) { try recorder.check() }
            await #expect(throws: problem) { try await recorder.finish(.finished) }
            let store = try await SQLiteStore.open(folder, .read)
            #expect(try await store.run(recorder.runID).status == .failed)
            try await store.close()
        }
    }

    @Test func `a param that changes is told at flush`() async throws {
        try await withFolder { folder in
            let recorder = try await LocalRecorder.start(
                store: folder, experiment: "birds", params: ["seed": "1"])
            recorder.logParams(["seed": "2"])
            await #expect(throws: Self.seedChanged(recorder.runID)) {
                try await recorder.flush()
            }
        }
    }

    @Test func `resuming removes what came after the checkpoint`() async throws {
        try await withFolder { folder in
            let first = try await LocalRecorder.start(store: folder, experiment: "birds")
            for step in 0..<10 { first.log(["loss": Double(step)], step: Int64(step)) }
            first.logLine("before")
            try await first.finish(.killed)

            let second = try await LocalRecorder.resume(first.runID, store: folder, lastSteps: ["loss": 4])
            for step in 5..<8 { second.log(["loss": -1], step: Int64(step)) }
            second.logLine("after")
            try await second.finish(.finished)

            let store = try await SQLiteStore.open(folder, .read)
            let values = try await store.history(first.runID, key: "loss").map(\.value)
            #expect(values == [0, 1, 2, 3, 4, -1, -1, -1])
            let console = try await store.artifactFile(first.runID, path: "logs/console.log").file
            #expect(try String(contentsOfFile: console, encoding: .utf8) == "before\nafter\n")
            try await store.close()
        }
    }

    private static func seedChanged(_ run: RunID) -> TrackingError {
        .paramsChanged(run: run.description, [ParamChange(key: "seed", old: "1", new: "2")])
    }
}
