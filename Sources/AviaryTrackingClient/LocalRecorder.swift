public import AviaryTracking
import AviaryTrackingStore
import Foundation
import Synchronization

/// Records a run in a store on this machine's disk.
///
/// Calls put what they are given into a queue and return; one task writes it behind, in groups. What went wrong
/// is thrown by the next `flush` or `finish`, and nothing is logged after it: a training must not believe that
/// it is being recorded.
public final class LocalRecorder: RunRecorder {
    /// The run that is being recorded.
    public let runID: RunID
    /// The folder of the store.
    public let storeFolder: String

    private let store: SQLiteStore
    private let queue = Mutex(Queue())
    private let writer: Mutex<Task<Void, Never>?>

    /// Begins a new run in the store at `folder`, which is made if it is missing.
    public static func start(
        store folder: String, experiment: String, name: String? = nil, params: [String: String] = [:],
        tags: [String: String] = [:]
    ) async throws(TrackingError) -> LocalRecorder {
        let store = try await SQLiteStore.open(folder, .write(create: true))
        let run = try await store.createRun(
            NewRun(experiment: experiment, name: name, params: params, tags: tags, startTime: .now))
        return try await LocalRecorder(run.id, store)
    }

    /// Goes on with an ended run: what it logged after `lastSteps` is removed, then it is running again.
    public static func resume(
        _ run: RunID, store folder: String, lastSteps: [String: Int64]
    ) async throws(TrackingError) -> LocalRecorder {
        let store = try await SQLiteStore.open(folder, .write(create: false))
        try await store.resume(run, lastSteps: lastSteps, at: .now)
        return try await LocalRecorder(run, store, console: try await Self.console(of: run, store))
    }

    private init(_ run: RunID, _ store: SQLiteStore, console: [UInt8] = []) async throws(TrackingError) {
        runID = run
        self.store = store
        storeFolder = store.folder
        writer = Mutex(nil)
        queue.withLock { $0.console = console }
        // At once: a run is known to be stale only if it was ever heard of.
        try await store.heartbeat(run, at: .now)
        let task = Task { [weak self] in
            var beat = ContinuousClock.now
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(100))  // cancelled: the loop ends
                guard let self else { return }
                await self.writeBehind(&beat)
            }
        }
        writer.withLock { $0 = task }
    }

    private static func console(of run: RunID, _ store: SQLiteStore) async throws(TrackingError) -> [UInt8] {
        let known = try await store.artifacts(of: run).contains { $0.path == consolePath }
        guard known else { return [] }
        let file = try await store.artifactFile(run, path: consolePath).file
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        } catch {
            throw .store(.unusable(path: file, detail: error.localizedDescription))
        }
    }

    /// Adds points, all measured now.
    public func log(_ values: [String: Double], step: Int64) {
        let now = Timestamp.now
        queue.withLock { queue in
            for (key, value) in values {
                queue.points.append(MetricPoint(key: key, value: value, step: step, timestamp: now))
            }
        }
    }

    /// Sets what the run was given.
    public func logParams(_ params: [String: String]) {
        queue.withLock { $0.params.merge(params) { _, new in new } }
    }

    /// Sets what is said of the run.
    public func setTags(_ tags: [String: String]) {
        queue.withLock { $0.tags.merge(tags) { _, new in new } }
    }

    /// Adds one line to the artifact `logs/console.log`.
    public func logLine(_ line: String) {
        queue.withLock { queue in
            queue.console += Array(line.utf8) + [10]
            queue.hasNewLines = true
        }
    }

    /// Keeps a file of the run under `path`.
    public func logArtifact(_ bytes: [UInt8], path: String) {
        queue.withLock { $0.artifacts.append((path, bytes)) }
    }

    /// Waits until everything logged so far is on disk.
    public func flush() async throws(TrackingError) {
        try await drain()
    }

    /// Writes what is left, then ends the run and lets go of the store.
    public func finish(_ status: RunStatus) async throws(TrackingError) {
        let task = writer.withLock { $0.take() }
        task?.cancel()
        await task?.value
        try await drain()
        try await store.end(runID, status, at: .now)
        try await store.close()
    }

    /// One round of the writing task: what waits goes to disk, and every ten seconds a heartbeat.
    private func writeBehind(_ beat: inout ContinuousClock.Instant) async {
        do throws(TrackingError) {
            let isDue = beat.duration(to: .now) >= Heartbeat.interval
            // The console is rewritten whole: with each heartbeat, not with each line.
            try await drain(withConsole: isDue)
            guard isDue else { return }
            try await store.heartbeat(runID, at: .now)
            beat = .now
        } catch {
            queue.withLock { $0.failure = error }
        }
    }

    /// Writes what waits.
    ///
    /// Taken and written by one caller at a time, so that `flush` waits for the task's round.
    private func drain(withConsole: Bool = true) async throws(TrackingError) {
        while let batch = try takeBatch(withConsole) {
            do throws(TrackingError) {
                try await write(batch)
            } catch {
                queue.withLock { queue in
                    queue.failure = error
                    queue.isWriting = false
                }
                throw error
            }
            queue.withLock { $0.isWriting = false }
        }
        while queue.withLock({ $0.isWriting }) {
            try? await Task.sleep(for: .milliseconds(1))
        }
        if let failure = queue.withLock({ $0.failure }) { throw failure }
    }

    private func write(_ batch: Batch) async throws(TrackingError) {
        if !batch.points.isEmpty || !batch.params.isEmpty || !batch.tags.isEmpty {
            try await store.log(runID, points: batch.points, params: batch.params, tags: batch.tags)
        }
        for (path, bytes) in batch.artifacts {
            _ = try await store.storeArtifact(runID, path: path, bytes: bytes)
        }
        if let console = batch.console {
            _ = try await store.storeArtifact(runID, path: consolePath, bytes: console)
        }
    }

    /// The next batch, in the order in which it was logged; `nil` if nothing waits or somebody writes already.
    private func takeBatch(_ withConsole: Bool) throws(TrackingError) -> Batch? {
        let (failure, batch) = queue.withLock { queue -> (TrackingError?, Batch?) in
            if let failure = queue.failure { return (failure, nil) }
            guard !queue.isWriting, queue.hasWork(withConsole) else { return (nil, nil) }
            queue.isWriting = true
            return (nil, queue.take(withConsole))
        }
        if let failure { throw failure }
        return batch
    }
}

private let consolePath = "logs/console.log"

private struct Batch: Sendable {
    var points: [MetricPoint]
    var params: [String: String]
    var tags: [String: String]
    var artifacts: [(path: String, bytes: [UInt8])]
    var console: [UInt8]?
}

private struct Queue: Sendable {
    var points: [MetricPoint] = []
    var params: [String: String] = [:]
    var tags: [String: String] = [:]
    var artifacts: [(path: String, bytes: [UInt8])] = []
    var console: [UInt8] = []
    var hasNewLines = false
    var isWriting = false
    var failure: TrackingError?

    func hasWork(_ withConsole: Bool) -> Bool {
        !points.isEmpty || !params.isEmpty || !tags.isEmpty || !artifacts.isEmpty
            || (withConsole && hasNewLines)
    }

    mutating func take(_ withConsole: Bool) -> Batch {
        let count = min(points.count, Limits.pointsPerBatch)
        let batch = Batch(
            points: Array(points.prefix(count)), params: params, tags: tags, artifacts: artifacts,
            console: withConsole && hasNewLines ? console : nil)
        points.removeFirst(count)
        (params, tags, artifacts) = ([:], [:], [])
        if withConsole { hasNewLines = false }
        return batch
    }
}
