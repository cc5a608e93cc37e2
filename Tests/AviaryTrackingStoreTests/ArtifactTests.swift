import AviaryArtifacts
import AviaryTracking
import AviaryTrackingStore
import Testing

struct ArtifactTests {
    @Test func `a run's files lie below its place`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let made = try await store.storeArtifact(run, path: "logs/a.txt", bytes: [1, 2])
            #expect(made.path == "logs/a.txt")
            #expect(try await store.artifactRoot(of: run).folder == "1/\(run)/artifacts")
            #expect(try await store.artifacts(of: run) == [made])
            let (found, file) = try await store.artifactFile(run, path: "logs/a.txt")
            #expect(found == made)
            let place = "1/\(run)/artifacts"
            let whole = Artifact(path: "\(place)/logs/a.txt", byteCount: 2, sha256: made.sha256)
            #expect(try await store.findArtifact("\(place)/logs/a.txt") == .file(whole, bytes: file))
            #expect(try await store.findArtifact("\(place)/logs") == .folder)
            for path in ["\(place)/none", "\(place)/log", "\(place)/logs/a.txt/b"] {
                #expect(try await store.findArtifact(path) == .nothing)
            }
            await #expect(throws: TrackingError.artifactNotFound(run: run.description, path: "none")) {
                try await store.artifactFile(run, path: "none")
            }
        }
    }

    @Test(
        arguments: [
            ("mlflow-artifacts:/my/place", "my/place"), ("mlflow-artifacts:/my/place/", "my/place"),
            ("mlflow-artifacts:/my//place", "my/place"), ("mlflow-artifacts:///my/place", "my/place"),
            ("s3://bucket/x", nil), ("mlflow-artifacts://host/x", nil), ("/tmp/x", nil),
        ] as [(String, String?)])
    func `an experiment's place is taken if it is ours`(location: String, place: String?) async throws {
        try await withStore { store in
            let experiment = try await store.createExperiment(
                NewExperiment(name: "e", artifactLocation: location))
            let run = try await store.createRun(
                NewRun(experiment: .numbered(experiment.id), startTime: .now))
            let trimmed = location.hasSuffix("/") ? String(location.dropLast()) : location
            #expect(run.artifactLocation == "\(trimmed)/\(run.id)/artifacts")
            let folder = "\(place ?? "\(experiment.id)")/\(run.id)/artifacts"
            let root = try await store.artifactRoot(of: run.id)
            #expect(root.folder == folder)
            #expect(root.location == run.artifactLocation)
        }
    }

    @Test func `what lies in a folder is listed by name`() async throws {
        try await withStore { store in
            let paths = ["a", "b/c", "b/d/e", "b.txt", "b-1", "b0", "c/é", "c/\u{301}x/y"]
            for path in paths { try await store.name(path) }
            #expect(
                try await store.entries("") == ["a 1", "b/", "b-1 3", "b.txt 5", "b0 2", "c/"])
            #expect(try await store.entries("b") == ["c 3", "d/"])
            #expect(try await store.entries("b/d") == ["e 5"])
            #expect(try await store.entries("c") == ["é 4", "\u{301}x/"])
            for path in ["none", "a", "b/c", "b/"] { #expect(try await store.entries(path) == []) }
        }
    }

    @Test func `no path is both a file and a folder`() async throws {
        try await withStore { store in
            try await store.name("a/b")
            await #expect(throws: TrackingError.invalid(field: "path", problem: "'a' is a folder")) {
                try await store.name("a")
            }
            let isFile = TrackingError.invalid(field: "path", problem: "'a/b' is a file, and no folder")
            for path in ["a/b/c", "a/b/c/d", "a/b/\u{301}c"] {
                await #expect(throws: isFile) { try await store.name(path) }
            }
            try await store.name("a/b")
            try await store.name("a/bb")
            #expect(try await store.entries("a") == ["b 3", "bb 4"])
        }
    }

    @Test func `a folder goes with all that is in it`() async throws {
        try await withStore { store in
            for path in ["a/b", "a/c/d", "a.txt", "ab"] { try await store.name(path) }
            try await store.deleteArtifacts("a")
            #expect(try await store.entries("") == ["a.txt 5", "ab 2"])
            try await store.deleteArtifacts("ab")
            try await store.deleteArtifacts("none")
            #expect(try await store.entries("") == ["a.txt 5"])
        }
    }

    @Test func `a place and a path that are too long together are refused`() async throws {
        try await withStore { store in
            let location = "mlflow-artifacts:/" + String(repeating: "x", count: 1990)
            let experiment = try await store.createExperiment(
                NewExperiment(name: "e", artifactLocation: location))
            let run = try await store.createRun(
                NewRun(experiment: .numbered(experiment.id), startTime: .now))
            let name = "file-with-a-name"
            let refused = TrackingError.invalid(
                field: "path", problem: "2050 bytes with its place; at most 2048 fit")
            await #expect(throws: refused) {
                try await store.storeArtifact(run.id, path: name, bytes: [])
            }
            #expect(try await store.artifacts(of: run.id).isEmpty)
            _ = try await store.storeArtifact(run.id, path: "short", bytes: [])
        }
    }
}

extension SQLiteStore {
    /// A file whose size is the length of its path.
    fileprivate func name(_ path: String) async throws {
        try await takeIn { upload in
            try await upload.append(Array(path.utf8))
            _ = try await upload.keep(as: ArtifactPath(path))
        }
    }

    fileprivate func entries(_ folder: String) async throws -> [String] {
        try await artifactEntries(of: folder).map { entry in
            entry.byteCount.map { "\(entry.name) \($0)" } ?? "\(entry.name)/"
        }
    }
}
