import Foundation
import Synchronization

/// A thread of its own on which a store waits for its lock, writes and syncs.
///
/// Swift's cooperative pool has few threads, and one that waits for another process holds up everybody's tasks.
final class WriterThread: Sendable {
    /// Rows that one transaction takes at most, unless a single job has more.
    static let rowLimit = 4000

    enum Work: Sendable {
        case write(WriteJob)
        case call(@Sendable (WriterConnection) -> Void)
        /// The last one: runs, then the thread ends.
        case stop(@Sendable (WriterConnection) -> Void)
    }

    private struct Line {
        var waiting: [Work] = []
        var isClosed = false
    }

    private let line = Mutex(Line())
    private let arrivals = Arrivals()

    init(files: StoreFiles, migrations: [Migration]) {
        let thread = Thread { [self] in work(WriterConnection(files: files, migrations: migrations)) }
        thread.name = "aviary.writer"
        thread.start()
    }

    /// Puts work at the end of the line; `false` if the thread takes no more.
    func submit(_ work: Work) -> Bool {
        let isTaken = line.withLock { line in
            guard !line.isClosed else { return false }
            line.waiting.append(work)
            if case .stop = work { line.isClosed = true }
            return true
        }
        if isTaken { arrivals.signal() }
        return isTaken
    }

    private func work(_ connection: WriterConnection) {
        while true {
            arrivals.wait()
            switch next() {
            case .nothing: continue
            case .writes(let jobs): connection.commit(jobs)
            case .call(let body): body(connection)
            case .stop(let body): return body(connection)
            }
        }
    }

    private enum Turn {
        /// A signal whose work went with an earlier group.
        case nothing
        case writes([WriteJob])
        case call(@Sendable (WriterConnection) -> Void)
        case stop(@Sendable (WriterConnection) -> Void)
    }

    /// Takes the next call, or all writes that wait before it: those that came while the last group was synced.
    private func next() -> Turn {
        line.withLock { line in
            var jobs: [WriteJob] = []
            var rowCount = 0
            for work in line.waiting {
                guard case .write(let job) = work else { break }
                if !jobs.isEmpty, rowCount + job.rowCount > Self.rowLimit { break }
                jobs.append(job)
                rowCount += job.rowCount
            }
            if !jobs.isEmpty {
                line.waiting.removeFirst(jobs.count)
                return .writes(jobs)
            }
            guard !line.waiting.isEmpty else { return .nothing }
            switch line.waiting.removeFirst() {
            case .write(let job): return .writes([job])
            case .call(let body): return .call(body)
            case .stop(let body): return .stop(body)
            }
        }
    }
}
