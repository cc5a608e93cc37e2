import AviaryArtifacts
import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Foundation

/// A folder that is gone when the body is over.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let path = "/tmp/aviary-store-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
}

/// A new store, closed and gone when the body is over.
func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
    try await withFolder { folder in
        let store = try await SQLiteStore.open(folder, .write(create: true))
        do {
            try await body(store)
        } catch {
            try await store.close()
            throw error
        }
        try await store.close()
    }
}

extension SQLiteStore {
    /// A run that began a thousand seconds after the epoch.
    func begin(
        _ name: String? = nil, in experiment: String = "tests", at milliseconds: Int64 = 1_000_000
    ) async throws -> RunID {
        let start = Timestamp(milliseconds: milliseconds)
        return try await createRun(NewRun(experiment: .named(experiment), name: name, startTime: start)).id
    }

    /// Experiments with the number of their runs, by their own number.
    func experiments(_ lifecycle: Lifecycle = .active) async throws -> [ExperimentSummary] {
        let question = ExperimentQuestion(lifecycle: lifecycle, order: [SearchOrder(.id)], limit: 10_000)
        return try await summaries(of: searchExperiments(question).things)
    }

    func log(_ run: RunID, _ points: [MetricPoint]) async throws {
        try await log(run, points: points, params: [:], tags: [:])
    }

    func upload(_ text: String, as path: String) async throws {
        try await takeIn { upload in
            try await upload.append(text.utf8)
            _ = try await upload.keep(as: ArtifactPath(whole: path))
        }
    }

    /// What a file says; `nil` if there is no such file, or its bytes are gone.
    func text(of path: String) async throws -> String? {
        guard case .file(_, let bytes) = try await findArtifact(path) else { return nil }
        return FileManager.default.contents(atPath: bytes).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension MetricPoint {
    /// A point whose time is its step in milliseconds, unless another is given.
    init(_ key: String, _ value: Double, step: Int64, time: Int64? = nil) {
        self.init(key: key, value: value, step: step, timestamp: Timestamp(milliseconds: time ?? step))
    }

    /// A point of the series `loss`.
    init(_ value: Double, step: Int64, time: Int64? = nil) {
        self.init("loss", value, step: step, time: time)
    }
}

extension MetricSummary {
    /// A summary whose last point was measured so many milliseconds after the epoch.
    init(last: Double, step: Int64, time: Int64, minimum: Double?, maximum: Double?) {
        self.init(
            last: last, step: step, timestamp: Timestamp(milliseconds: time), minimum: minimum,
            maximum: maximum)
    }
}
