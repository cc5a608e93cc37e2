import AviaryTracking
import AviaryTrackingStore
import GRDB
import Testing

/// What becomes of a store of schema 1.
struct SchemaTwoTests {
    private static let first = "0123456789abcdef0123456789abcdef"
    private static let second = "ffffffffffffffffffffffffffffffff"
    private static let hash = String(repeating: "a", count: 64)

    @Test(arguments: [StoreAccess.write(create: false), .read])
    func `everything is there still`(access: StoreAccess) async throws {
        try await withFolder { folder in
            try await Self.makeStore(folder)
            let store = try await SQLiteStore.open(folder, access)
            #expect(store.schemaBeforeOpening == 1)
            #expect(try await store.check().faults == [])
            let run = try await store.run(try #require(RunID(Self.first)))
            #expect(
                run
                    == Run(
                        id: try #require(RunID(Self.first)), name: "first", experiment: "digits",
                        experimentID: 7, status: .finished, isStale: false,
                        startTime: Timestamp(milliseconds: 1000), endTime: Timestamp(milliseconds: 2000),
                        artifactLocation: "mlflow-artifacts:/7/\(Self.first)/artifacts",
                        params: ["lr": "0.1"], tags: ["note": "good"],
                        metrics: [
                            "loss": MetricSummary(last: 0.25, step: 2, time: 20, minimum: 0.25, maximum: 0.5)
                        ]))
            #expect(
                try await store.history(run.id, key: "loss") == [
                    MetricPoint(0.5, step: 1, time: 10), MetricPoint(0.25, step: 2, time: 20),
                ])
            #expect(
                try await store.artifacts(of: run.id) == [
                    Artifact(path: "logs/console.log", byteCount: 3, sha256: Self.hash),
                    Artifact(path: "model.bin", byteCount: 5, sha256: Self.hash),
                ])
            let experiment = try await store.experiment(7)
            #expect(experiment.artifactLocation == "mlflow-artifacts:/7")
            #expect(experiment.updatedAt == experiment.createdAt)
            #expect(try await store.experiments().map(\.runCount) == [0, 2])
            try await store.close()
        }
    }

    @Test func `a tag of the run's name becomes the name`() async throws {
        try await withFolder { folder in
            try await Self.makeStore(folder)
            let store = try await SQLiteStore.open(folder, .read)
            let run = try await store.run(try #require(RunID(Self.second)))
            #expect(run.name == "renamed")
            #expect(run.tags == [:])
            try await store.close()
        }
    }

    @Test func `it takes what the new schema has`() async throws {
        try await withFolder { folder in
            try await Self.makeStore(folder)
            let store = try await SQLiteStore.open(folder, .write(create: false))
            let run = try #require(RunID(Self.first))
            try await store.log(
                run, points: [], params: [:], tags: ["ü": String(repeating: "é", count: 8000)])
            try await store.log(
                run, points: [MetricPoint(1, step: 9)], params: [:], tags: [:], intoEnded: true)
            let made = try await store.createExperiment(NewExperiment(name: "new"))
            #expect(made.id == 8)
            try await store.deleteExperiment(7)
            #expect(try await store.run(run).isDeleted)
            try await store.restoreExperiment(7)
            #expect(try await store.run(run).metrics["loss"]?.last == 1)
            try await store.close()
        }
    }

    /// A store as the first schema has it, with all that it can hold.
    private static func makeStore(_ folder: String) async throws {
        let old = Array(Migration.embedded.prefix(1))
        try await SQLiteStore.open(folder, .write(create: true), migrations: old).close()
        let queue = try DatabaseQueue(path: folder + "/aviary.db")
        try await queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO experiment (id, name, created_at) VALUES (7, 'digits', 500);
                    INSERT INTO run (id, uuid, experiment, name, status, start_time, end_time, revision)
                    VALUES (3, '\(first)', 7, 'first', 'FINISHED', 1000, 2000, 1),
                        (4, '\(second)', 7, 'second', 'RUNNING', 3000, NULL, 2);
                    INSERT INTO param (run, key, value) VALUES (3, 'lr', '0.1');
                    INSERT INTO tag (run, key, value)
                    VALUES (3, 'note', 'good'), (3, 'mlflow.runName', ''), (4, 'mlflow.runName', 'renamed');
                    INSERT INTO series (id, run, key) VALUES (5, 3, 'loss');
                    INSERT INTO point (series, step, timestamp, bits)
                    VALUES (5, 1, 10, \(0.5.bitPattern)), (5, 2, 20, \(0.25.bitPattern));
                    INSERT INTO latest (series, step, timestamp, bits, minimum, maximum)
                    VALUES (5, 2, 20, \(0.25.bitPattern), 0.25, 0.5);
                    INSERT INTO artifact (run, path, size, sha256)
                    VALUES (3, 'logs/console.log', 3, '\(hash)'), (3, 'model.bin', 5, '\(hash)');
                    UPDATE revision SET value = 2;
                    """)
        }
        try queue.close()
    }
}
