import AviaryFiles
public import AviaryTracking
import AviaryTrackingStore
import Synchronization

/// Records a run in a store on this machine's disk.
///
/// Calls put what they are given into a queue and return; one task writes it behind, in groups. What went wrong
/// is thrown by the next `check`, `flush` or `finish`, and nothing is logged after it: a training must not believe
/// that it is being recorded. Whoever starts one owes it a `finish`, which ends the run and closes the store.
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
        return try await closing(store) { () async throws(TrackingError) in
            let run = try await store.createRun(
                NewRun(
                    experiment: .named(experiment), name: name, params: params.byExactKey,
                    tags: tags.byExactKey, startTime: .now))
            return try await LocalRecorder(run.id, store)
        }
    }

    /// Goes on with an ended run: what it logged after `lastSteps` is removed, then it is running again.
    public static func resume(
        _ run: RunID, store folder: String, lastSteps: [String: Int64]
    ) async throws(TrackingError) -> LocalRecorder {
        let store = try await SQLiteStore.open(folder, .write(create: false))
        return try await closing(store) { () async throws(TrackingError) in
            try await store.resume(run, lastSteps: lastSteps.byExactKey, at: .now)
            return try await LocalRecorder(run, store, console: try await Self.console(of: run, store))
        }
    }

    /// Lets go of the store if no recorder comes of it.
    private static func closing(
        _ store: SQLiteStore, _ make: () async throws(TrackingError) -> LocalRecorder
    ) async throws(TrackingError) -> LocalRecorder {
        do throws(TrackingError) {
            return try await make()
        } catch {
            try? await store.close()  // the first error says more
            throw error
        }
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
            return try WholeFile.read(file)
        } catch {
            throw .store(.unusable(path: file, detail: error.reason))
        }
    }

    /// Adds points, all measured now; up to `Limits.pointsPerBatch` come to the store together.
    public func log(_ values: [String: Double], step: Int64) {
        let now = Timestamp.now
        let points = values.map { MetricPoint(key: $0.key, value: $0.value, step: step, timestamp: now) }
        queue.withLock { $0.add(points) }
    }

    /// Sets what the run was given.
    public func logParams(_ params: [String: String]) {
        queue.withLock { queue in
            queue.asked.calls += 1
            queue.params.merge(params) { _, new in new }
        }
    }

    /// Sets what is said of the run.
    public func setTags(_ tags: [String: String]) {
        queue.withLock { queue in
            queue.asked.calls += 1
            queue.tags.merge(tags) { _, new in new }
        }
    }

    /// Adds one line to the artifact `logs/console.log`.
    public func logLine(_ line: String) {
        queue.withLock { queue in
            queue.asked.lines += 1
            queue.console += Array(line.utf8) + [10]
        }
    }

    /// Keeps a file of the run under `path`.
    public func logArtifact(_ bytes: [UInt8], path: String) {
        queue.withLock { queue in
            queue.asked.calls += 1
            queue.artifacts.append((path, bytes))
        }
    }

    /// Throws what has gone wrong so far, without waiting.
    public func check() throws(TrackingError) {
        if let failure = queue.withLock({ $0.failure }) { throw failure }
    }

    /// Waits until everything logged so far is on disk.
    public func flush() async throws(TrackingError) {
        try await drain()
    }

    /// Writes what is left, then ends the run and lets go of the store; what failed first is thrown at the end.
    public func finish(_ status: RunStatus) async throws(TrackingError) {
        let task = writer.withLock { $0.take() }
        task?.cancel()
        await task?.value
        var failures: [TrackingError] = []
        func attempt(_ work: () async throws(TrackingError) -> Void) async {
            do throws(TrackingError) { try await work() } catch { failures.append(error) }
        }
        await attempt { () async throws(TrackingError) in try await drain() }
        // Also where points were lost: a run that says it still runs would tell less than the truth.
        let ending = failures.isEmpty ? status : .failed
        await attempt { () async throws(TrackingError) in try await store.end(runID, ending, at: .now) }
        await attempt { () async throws(TrackingError) in try await store.close() }
        if let first = failures.first { throw first }
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

    /// Writes what was asked for until now; what is logged meanwhile has to wait for the next time.
    ///
    /// Taken and written by one caller at a time, so that `flush` waits for the task's round.
    private func drain(withConsole: Bool = true) async throws(TrackingError) {
        let target = queue.withLock { $0.asked }
        while true {
            await otherRoundsEnd()
            if let batch = try takeBatch(withConsole) {
                do throws(TrackingError) {
                    try await write(batch)
                } catch {
                    queue.withLock { queue in
                        queue.failure = error
                        queue.isWriting = false
                    }
                    throw error
                }
                queue.withLock { queue in
                    queue.written = batch.covers
                    queue.isWriting = false
                }
            }
            let written = queue.withLock { $0.written }
            let isDone = written.calls >= target.calls && (!withConsole || written.lines >= target.lines)
            if isDone { return }
        }
    }

    private func otherRoundsEnd() async {
        while queue.withLock({ $0.isWriting }) {
            try? await Task.sleep(for: .milliseconds(1))  // cancelled: asks again at once
        }
    }

    private func write(_ batch: Batch) async throws(TrackingError) {
        if !batch.points.isEmpty || !batch.params.isEmpty || !batch.tags.isEmpty {
            try await store.log(
                runID, points: batch.points, params: batch.params.byExactKey, tags: batch.tags.byExactKey)
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
    /// How far everything is written once this is.
    var covers: Progress
}

/// How many calls were made or written, and how many lines of the console.
private struct Progress: Sendable {
    var calls = 0
    var lines = 0
}

private struct Queue: Sendable {
    var asked = Progress()
    var written = Progress()
    private(set) var points: [MetricPoint] = []
    /// The points that each call added, in order: a batch ends between two calls.
    private var groups: [(call: Int, count: Int)] = []
    var params: [String: String] = [:]
    var tags: [String: String] = [:]
    var artifacts: [(path: String, bytes: [UInt8])] = []
    var console: [UInt8] = []
    var isWriting = false
    var failure: TrackingError?

    mutating func add(_ group: [MetricPoint]) {
        asked.calls += 1
        points += group
        groups.append((asked.calls, group.count))
    }

    func hasWork(_ withConsole: Bool) -> Bool {
        !points.isEmpty || !params.isEmpty || !tags.isEmpty || !artifacts.isEmpty
            || (withConsole && hasNewLines)
    }

    private var hasNewLines: Bool { asked.lines > written.lines }

    mutating func take(_ withConsole: Bool) -> Batch {
        let points = takePoints()
        // Everything but points goes whole, so the first call whose points stay behind is what is not covered.
        let calls = groups.first.map { $0.call - 1 } ?? asked.calls
        let batch = Batch(
            points: points, params: params, tags: tags, artifacts: artifacts,
            console: withConsole && hasNewLines ? console : nil,
            covers: Progress(calls: calls, lines: withConsole ? asked.lines : written.lines))
        (params, tags, artifacts) = ([:], [:], [])
        return batch
    }

    /// As many whole groups as fit; of one that never fits, what does.
    private mutating func takePoints() -> [MetricPoint] {
        var (count, whole) = (0, 0)
        while whole < groups.count, count + groups[whole].count <= Limits.pointsPerBatch {
            count += groups[whole].count
            whole += 1
        }
        groups.removeFirst(whole)
        if count == 0, !groups.isEmpty {
            count = Limits.pointsPerBatch
            groups[0].count -= count
        }
        defer { points.removeFirst(count) }
        return Array(points.prefix(count))
    }
}
