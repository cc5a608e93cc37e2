import AviaryArtifacts
import AviaryTracking
import AviaryTrackingStore
import Foundation
import GRDB
import Testing

struct ArtifactUploadTests {
    @Test func `bytes that came in pieces are a file once it has a name`() async throws {
        try await withStore { store in
            let made = try await store.takeIn { upload in
                for piece in [[1, 2], [], [3]] as [[UInt8]] { try await upload.append(piece) }
                #expect(upload.byteCount == 3)
                #expect(try await store.findArtifact("a/b") == .nothing)
                return try await upload.keep(as: ArtifactPath(whole: "a/b"))
            }
            #expect(made == Artifact(path: "a/b", byteCount: 3, sha256: BlobStore.sha256([1, 2, 3])))
            let file = BlobStore(folder: store.folder).file(of: made.sha256)
            #expect(try await store.findArtifact("a/b") == .file(made, bytes: file))
            #expect(FileManager.default.contents(atPath: file) == Data([1, 2, 3]))
            #expect(drafts(store) == [])
        }
    }

    @Test func `what is not kept is forgotten`() async throws {
        try await withStore { store in
            struct HungUp: Error {}
            await #expect(throws: HungUp.self) {
                try await store.takeIn { upload in
                    try await upload.append([1])
                    #expect(drafts(store).count == 1)
                    throw HungUp()
                }
            }
            try await store.takeIn { try await $0.append([2]) }
            #expect(drafts(store) == [])
            #expect(try BlobStore(folder: store.folder).groups() == [])
        }
    }

    @Test func `a name that does not fit is refused before the bytes and with them`() async throws {
        try await withStore { store in
            try await store.upload("old", as: "a/b")
            for (path, problem) in [("a", "'a' is a folder"), ("a/b/c", "'a/b' is a file, and no folder")] {
                let refused = TrackingError.invalid(field: "path", problem: problem)
                await #expect(throws: refused) { try await store.checkArtifactName(ArtifactPath(path)) }
                await #expect(throws: refused) { try await store.upload("new", as: path) }
            }
            try await store.checkArtifactName(ArtifactPath("a/b"))
            #expect(drafts(store) == [])
        }
    }

    @Test func `a run's files note that it changed`() async throws {
        try await withStore { store in
            let (run, other) = (try await store.begin(), try await store.begin())
            let before = try await store.changes(since: .max).revision
            try await store.upload("x", as: "1/\(run)/artifacts/a/b")
            let changes = try await store.changes(since: before)
            #expect(changes.runs == [run])
            try await store.deleteArtifacts("1/\(run)/artifacts/none")
            try await store.deleteArtifacts("1/\(other)/artifacts")
            try await store.upload("x", as: "1/\(other)/b")
            #expect(try await store.changes(since: changes.revision).runs == [])
            try await store.deleteArtifacts("1/\(run)/artifacts/a")
            #expect(try await store.changes(since: changes.revision).runs == [run])
        }
    }

    @Test func `the next opening sweeps what a killed process left`() async throws {
        try await withFolder { folder in
            let store = try await SQLiteStore.open(folder, .write(create: true))
            try await store.upload("kept", as: "a")
            try await store.close()
            let running = try BlobStore(folder: folder).draft()  // as another process has it
            let mine = try FileManager.default.contentsOfDirectory(atPath: folder + "/tmp")
            for name in ["blob-1", "new-2.db", "new-2.db-wal", "schema-1-3.db", "other"] {
                try Data([1]).write(to: URL(filePath: "\(folder)/tmp/\(name)"))
            }
            let reader = try await SQLiteStore.open(folder, .read)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/tmp").count == 6)
            try await reader.close()
            let again = try await SQLiteStore.open(folder, .write(create: false))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder + "/tmp").sorted()
                    == (mine + ["other"]).sorted())
            #expect(try await again.text(of: "a") == "kept")
            running.discard()
            try await again.close()
        }
    }

    @Test func `where files of models are`() async throws {
        try await withStore { store in
            let (model, deleted) = (
                "m-" + String(repeating: "0", count: 32), "m-" + String(repeating: "1", count: 32)
            )
            let database = try DatabaseQueue(path: store.folder + "/aviary.db")
            try await database.write { db in
                for (id, time) in [(model, nil), (deleted, 5)] as [(String, Int?)] {
                    try db.execute(
                        sql: """
                            INSERT INTO logged_model
                                (uuid, experiment, name, status, model_type, run, created_at, updated_at, deleted_at)
                            VALUES (?, 0, 'n', 1, '', '', 1, 1, ?)
                            """, arguments: [id, time])
                }
                try db.execute(
                    sql: """
                        INSERT INTO registered_model (id, name, created_at, updated_at) VALUES (1, 'r', 1, 1);
                        INSERT INTO model_version (model, version, source, location, created_at, updated_at)
                        VALUES (1, 1, 'x', 'mlflow-artifacts:/0/a', 1, 1), (1, 2, 'x', 's3://b/c', 1, 1)
                        """)
            }
            try database.close()
            let root = try await store.artifactRoot(ofLoggedModel: model)
            #expect(root.location == "mlflow-artifacts:/0/models/\(model)/artifacts")
            #expect(root.folder == "0/models/\(model)/artifacts")
            for id in [deleted, "m-none"] {
                await #expect(throws: TrackingError.loggedModelNotFound(id)) {
                    try await store.artifactRoot(ofLoggedModel: id)
                }
            }
            let versions = [
                try await store.artifactRoot(ofVersion: 1, of: "r"),
                try await store.artifactRoot(ofVersion: 2, of: "r"),
                try await store.artifactRoot(ofVersion: 3, of: "r"),
                try await store.artifactRoot(ofVersion: 1, of: "none"),
            ]
            #expect(versions.map { $0?.location } == ["mlflow-artifacts:/0/a", "s3://b/c", nil, nil])
            #expect(versions.map { $0?.folder } == ["0/a", nil, nil, nil])
        }
    }
}

struct CollectingTests {
    @Test func `a blob goes with its last name`() async throws {
        try await withStore { store in
            try await store.upload("shared", as: "a")
            try await store.upload("shared", as: "b")
            try await store.upload("alone", as: "c")
            #expect(try await store.freed() == [0, 0])
            try await store.deleteArtifacts("a")
            try await store.deleteArtifacts("c")
            #expect(try await store.freed() == [1, 5])
            #expect(try await store.text(of: "b") == "shared")
            try await store.upload("new", as: "b")
            #expect(try await store.freed() == [1, 6])
            #expect(try BlobStore(folder: store.folder).groups().flatMap { $0 }.count == 1)
            #expect(try await store.text(of: "b") == "new")
        }
    }

    @Test func `many blobs go, and what is no blob stays`() async throws {
        try await withStore { store in
            let blobs = BlobStore(folder: store.folder)
            for number in 0..<600 {
                let draft = try blobs.draft()
                try draft.append("\(number)".utf8)
                _ = try blobs.place(draft)
            }
            try await store.upload("7", as: "seven")
            let group = store.folder + "/blobs/ab"
            try FileManager.default.createDirectory(atPath: group, withIntermediateDirectories: true)
            try Data([1]).write(to: URL(filePath: group + "/note"))
            #expect(try await store.collectBlobs().count == 599)
            #expect(try blobs.groups().flatMap { $0 } == [BlobStore.sha256(Array("7".utf8))])
            #expect(FileManager.default.fileExists(atPath: group + "/note"))
        }
    }

    /// The same content is named, given up and collected over and over: whoever was told that a file is kept finds it.
    @Test func `nothing is taken from an upload that is going on`() async throws {
        try await withStore { store in
            let lost = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<4 {
                    group.addTask {
                        var lost = 0
                        for _ in 0..<60 {
                            try await store.upload("the same", as: "file \(worker)")
                            if try await store.text(of: "file \(worker)") != "the same" { lost += 1 }
                            try await store.deleteArtifacts("file \(worker)")
                        }
                        return lost
                    }
                }
                let collecting = Task {
                    while !Task.isCancelled { _ = try await store.collectBlobs() }
                }
                let lost = try await group.reduce(0, +)
                collecting.cancel()
                try await collecting.value
                return lost
            }
            #expect(lost == 0)
            _ = try await store.collectBlobs()
            #expect(try BlobStore(folder: store.folder).groups().allSatisfy(\.isEmpty))
        }
    }

    @Test func `who only reads frees nothing`() async throws {
        try await withFolder { folder in
            let store = try await SQLiteStore.open(folder, .write(create: true))
            try await store.upload("x", as: "a")
            try await store.deleteArtifacts("a")
            try await store.close()
            let reader = try await SQLiteStore.open(folder, .read)
            let refused = TrackingError.store(
                .unusable(path: folder, detail: "it was opened only for reading"))
            await #expect(throws: refused) { try await reader.collectBlobs() }
            try await reader.close()
        }
    }
}

/// What lies in `tmp/`.
private func drafts(_ store: SQLiteStore) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: store.folder + "/tmp")) ?? ["no folder"]
}

extension SQLiteStore {
    /// How many blobs were collected, and their bytes.
    fileprivate func freed() async throws -> [Int] {
        let collected = try await collectBlobs()
        return [collected.count, Int(collected.byteCount)]
    }
}
