import AviaryCatalogue
import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Foundation

/// A server on a free port, with a store of its own.
struct RunningServer {
    let port: Int
    let store: SQLiteStore
    /// Where the test may leave files.
    let folder: String

    /// A run that began a thousand seconds after the epoch.
    func begin(
        _ name: String? = nil, in experiment: String = "tests", params: [ExactKey: String] = [:],
        tags: [ExactKey: String] = [:], at milliseconds: Int64 = 1_000_000
    ) async throws -> RunID {
        let run = NewRun(
            experiment: .named(experiment), name: name, params: params, tags: tags,
            startTime: Timestamp(milliseconds: milliseconds))
        return try await store.createRun(run).id
    }

    /// Logs one value a step, from step 0 on.
    func log(_ values: [Double], to key: String = "loss", of run: RunID) async throws {
        let points = values.enumerated().map { step, value in
            let time = Timestamp(milliseconds: 1_000_000 + Int64(step) * 10)
            return MetricPoint(key: key, value: value, step: Int64(step), timestamp: time)
        }
        try await store.log(run, points: points, params: [:], tags: [:])
    }
}

extension SQLiteStore {
    /// Experiments with the number of their runs.
    func experiments(_ lifecycle: Lifecycle = .active) async throws -> [ExperimentSummary] {
        let question = ExperimentQuestion(lifecycle: lifecycle, limit: 10_000)
        return try await summaries(of: searchExperiments(question).things)
    }
}

/// Runs a server until the body is over; `zoo` makes its catalogue and weights from the test's folder.
func withServer(
    allowedHosts: [String] = [],
    zoo: (String) throws -> (Catalogue, WeightFiles) = emptyZoo,
    _ body: (RunningServer) async throws -> Void
) async throws {
    let folder = "/tmp/aviary-server-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder + "/store", withIntermediateDirectories: true)
    let (catalogue, weights) = try zoo(folder)
    let store = try await SQLiteStore.open(folder + "/store", .write(create: true))
    let (ports, announce) = AsyncStream.makeStream(of: Int.self)
    let configuration = ServerConfiguration(port: 0, allowedHosts: allowedHosts, stopsOnSignals: false)
    let serving = Task {
        defer { announce.finish() }
        try await serve(
            configuration, store: store, catalogue: catalogue, weights: weights, version: "0.1.2"
        ) { port in
            announce.yield(port)
        }
    }
    let outcome: Result<Void, any Error>
    do {
        guard let port = await ports.first(where: { _ in true }) else { return try await serving.value }
        try await body(RunningServer(port: port, store: store, folder: folder))
        outcome = .success(())
    } catch {
        outcome = .failure(error)
    }
    serving.cancel()
    _ = await serving.result
    try await store.close()
    try outcome.get()
}

func emptyZoo(_ folder: String) throws -> (Catalogue, WeightFiles) {
    (try Catalogue(yaml: "models: []", origin: "test"), WeightFiles(folders: [], cache: folder + "/none"))
}

/// Writes a file and makes its folder.
func write(_ bytes: [UInt8], to path: String) throws {
    let file = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
}

/// The bytes of a file; `nil` if there is none.
func bytes(of path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { [UInt8]($0) }
}

/// The names in a folder; none if it is missing.
func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
}

/// The paths of all files under a folder, relative to it.
func files(under folder: String) -> [String] {
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return paths.filter { path in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
            && !isFolder.boolValue
    }
}

/// The checkout these tests were built from.
func checkout(file: String = #filePath) -> String {
    let tests = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
    return tests.deletingLastPathComponent().path
}
