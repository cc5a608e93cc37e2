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

    @Test func `a param that changes is told at flush`() async throws {
        try await withFolder { folder in
            let recorder = try await LocalRecorder.start(
                store: folder, experiment: "birds", params: ["seed": "1"])
            recorder.logParams(["seed": "2"])
            await #expect(throws: TrackingError.paramChanged(key: "seed", old: "1", new: "2")) {
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
}
