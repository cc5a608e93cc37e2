import AviaryMigrationFiles
import AviaryTracking
import AviaryTrackingStore
import Foundation
import GRDB
import Testing

struct MigrationTests {
    private let next = Migration(
        number: Migration.embedded.count + 1,
        sql: "CREATE TABLE extra (a INTEGER NOT NULL) STRICT; INSERT INTO extra (a) VALUES (7);")

    @Test func `the files in the program are those of the folder`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "migrations")
        var embedded: [String: [UInt8]] = [:]
        for index in 0..<aviary_migration_file_count() {
            let file = aviary_migration_file(index).pointee
            let bytes = UnsafeBufferPointer(start: file.bytes, count: Int(file.count))
            embedded[String(cString: file.path)] = Array(bytes)
        }
        var found: [String: [UInt8]] = [:]
        let folder = root.appending(path: "sqlite").path()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let bytes = try Data(contentsOf: root.appending(path: "sqlite/\(name)"))
            found["sqlite/\(name)"] = Array(bytes)
        }
        #expect(embedded == found)
    }

    @Test func `the steps are numbered without a gap`() {
        #expect(Migration.embedded.map(\.number) == Array(1...Migration.embedded.count))
    }

    @Test(arguments: [StoreAccess.write(create: false), .read])
    func `an older store is migrated after a backup, also by a reader`(access: StoreAccess) async throws {
        try await withFolder { folder in
            let run = try await makeStore(folder)
            let store = try await SQLiteStore.open(folder, access, migrations: Migration.embedded + [next])
            #expect(store.schemaBeforeOpening == Migration.embedded.count)
            #expect(try await store.check().schemaVersion == next.number)
            #expect(try await store.run(run).metrics["loss"]?.last == 0.5)
            try await store.close()

            let backups = try FileManager.default.contentsOfDirectory(atPath: folder + "/backups")
            #expect(backups.count == 1)
            let copy = try DatabaseQueue(path: folder + "/backups/" + (backups.first ?? ""))
            let counts = try await copy.read { db in
                (
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM point"),
                    try Int.fetchOne(db, sql: "PRAGMA user_version")
                )
            }
            #expect(counts.0 == 1)
            #expect(counts.1 == Migration.embedded.count)
            try copy.close()
        }
    }

    @Test(arguments: [StoreAccess.write(create: true), .read])
    func `a newer store is refused`(access: StoreAccess) async throws {
        try await withFolder { folder in
            let newer = Migration.embedded + [next]
            try await SQLiteStore.open(folder, .write(create: true), migrations: newer).close()
            let known = Migration.embedded.count
            await #expect(
                throws: TrackingError.store(.newer(path: folder, found: next.number, known: known))
            ) {
                try await SQLiteStore.open(folder, access)
            }
        }
    }

    @Test func `a migration that fails leaves the store as it was`() async throws {
        try await withFolder { folder in
            let run = try await makeStore(folder)
            let broken = Migration(
                number: next.number, sql: "CREATE TABLE extra (a) STRICT; DELETE FROM point; nonsense;")
            await #expect(throws: TrackingError.self) {
                _ = try await SQLiteStore.open(
                    folder, .write(create: false), migrations: Migration.embedded + [broken])
            }
            let store = try await SQLiteStore.open(folder, .write(create: false))
            #expect(try await store.check().schemaVersion == Migration.embedded.count)
            #expect(try await store.history(run, key: "loss").count == 1)
            try await store.close()
        }
    }

    @Test func `a writer stops when the store is upgraded under it`() async throws {
        try await withFolder { folder in
            let store = try await SQLiteStore.open(folder, .write(create: true))
            let run = try await store.begin()
            let other = try DatabaseQueue(path: folder + "/aviary.db")
            try await other.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
            try other.close()
            let known = Migration.embedded.count
            await #expect(throws: TrackingError.store(.newer(path: folder, found: 99, known: known))) {
                try await store.log(run, [MetricPoint(1, step: 1)])
            }
            try await store.close()
        }
    }

    /// A store of today's schema with one run and one point, closed.
    private func makeStore(_ folder: String) async throws -> RunID {
        let store = try await SQLiteStore.open(folder, .write(create: true))
        let run = try await store.begin()
        try await store.log(run, [MetricPoint(0.5, step: 1)])
        try await store.close()
        return run
    }
}
