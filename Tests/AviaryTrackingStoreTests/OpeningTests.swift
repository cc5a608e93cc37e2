import AviaryTracking
import AviaryTrackingStore
import Foundation
import GRDB
import Testing

struct OpeningTests {
    @Test(arguments: [StoreAccess.read, .write(create: false)])
    func `a missing store is not made unless that is wanted`(access: StoreAccess) async throws {
        try await withFolder { folder in
            await #expect(throws: TrackingError.store(.missing(path: folder))) {
                _ = try await SQLiteStore.open(folder, access)
            }
            let content = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(content.isEmpty)
            await #expect(throws: TrackingError.store(.missing(path: folder + "/none"))) {
                _ = try await SQLiteStore.open(folder + "/none", access)
            }
        }
    }

    @Test func `makes the folders on the way`() async throws {
        try await withFolder { folder in
            let store = try await SQLiteStore.open(folder + "/a/b/.aviary", .write(create: true))
            #expect(store.folder == folder + "/a/b/.aviary")
            try await store.close()
        }
    }

    @Test func `an empty file is damaged`() async throws {
        try await withFolder { folder in
            #expect(FileManager.default.createFile(atPath: folder + "/aviary.db", contents: nil))
            let error = await #expect(throws: TrackingError.self) {
                _ = try await SQLiteStore.open(folder, .write(create: true))
            }
            guard case .store(.damaged(folder, _))? = error else { return expected("damaged", error) }
        }
    }

    @Test func `a log without its database is damaged`() async throws {
        try await withFolder { folder in
            try Data("log".utf8).write(to: URL(filePath: folder + "/aviary.db-wal"))
            let error = await #expect(throws: TrackingError.self) {
                _ = try await SQLiteStore.open(folder, .write(create: true))
            }
            guard case .store(.damaged(folder, _))? = error else { return expected("damaged", error) }
        }
    }

    @Test func `a file that is no database is foreign`() async throws {
        try await withFolder { folder in
            let text = String(repeating: "not a database at all\n", count: 200)
            try Data(text.utf8).write(to: URL(filePath: folder + "/aviary.db"))
            let error = await #expect(throws: TrackingError.self) {
                _ = try await SQLiteStore.open(folder, .write(create: true))
            }
            guard case .store(.foreign(folder, _))? = error else { return expected("foreign", error) }
            #expect(try Data(contentsOf: URL(filePath: folder + "/aviary.db")) == Data(text.utf8))
        }
    }

    @Test func `another program's database is foreign and stays as it is`() async throws {
        try await withFolder { folder in
            let queue = try DatabaseQueue(path: folder + "/aviary.db")
            try await queue.write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
            try queue.close()
            let before = try Data(contentsOf: URL(filePath: folder + "/aviary.db"))
            let error = await #expect(throws: TrackingError.self) {
                _ = try await SQLiteStore.open(folder, .write(create: true))
            }
            guard case .store(.foreign(folder, _))? = error else { return expected("foreign", error) }
            #expect(try Data(contentsOf: URL(filePath: folder + "/aviary.db")) == before)
            #expect(!FileManager.default.fileExists(atPath: folder + "/store.lock"))
        }
    }

    @Test func `the live writer has our settings`() async throws {
        try await withStore { store in
            _ = try await store.begin()
            let settings = try await store.writerSettings()
            #expect(settings.journalMode == "wal")
            #expect(settings.synchronous == 2)
            #expect(settings.automaticCheckpoint == 0)
            #expect(settings.foreignKeys)
            #expect(!settings.trustedSchema)
            #expect(settings.cellSizeCheck)
            #expect(settings.busyMilliseconds == 5000)
        }
    }

    @Test func `the log stays when everybody closes`() async throws {
        try await withFolder { folder in
            let store = try await SQLiteStore.open(folder, .write(create: true))
            _ = try await store.begin()
            try await store.close()
            #expect(try !Data(contentsOf: URL(filePath: folder + "/aviary.db-wal")).isEmpty)
        }
    }

    @Test func `opened twice it is one object, closed with the second`() async throws {
        try await withFolder { folder in
            let first = try await SQLiteStore.open(folder, .write(create: true))
            let second = try await SQLiteStore.open(folder + "/.", .read)
            #expect(first === second)
            try await second.close()
            _ = try await first.begin()
            try await first.close()
            await #expect(throws: TrackingError.self) { try await first.begin() }
            await #expect(throws: TrackingError.self) { try await first.experiments() }
        }
    }

    @Test func `a reader does not write`() async throws {
        try await withFolder { folder in
            let writer = try await SQLiteStore.open(folder, .write(create: true))
            let run = try await writer.begin("there")
            try await writer.close()
            let reader = try await SQLiteStore.open(folder, .read)
            #expect(try await reader.run(run).name == "there")
            await #expect(throws: TrackingError.self) { try await reader.begin() }
            try await reader.close()
        }
    }

    @Test func `reports what doctor shows`() async throws {
        try await withStore { store in
            _ = try await store.begin()
            let report = try await store.check()
            #expect(report.journalMode == "wal")
            #expect(report.faults.isEmpty)
            #expect(report.schemaVersion == Migration.embedded.last?.number)
            #expect(report.runCount == 1)
            #expect(report.writeAheadLogByteCount > 0)
            #expect(report.sqliteVersion.hasPrefix("3."))
        }
    }

    private func expected(_ problem: String, _ error: TrackingError?) {
        Issue.record("expected \(problem), got \(error.map(\.description) ?? "nothing")")
    }
}
