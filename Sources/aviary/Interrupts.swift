import Dispatch
import Foundation
import Synchronization

/// Ctrl-C, SIGTERM and a closed terminal, listened to once for the whole program: the first cancels what runs, a second one ends it.
///
/// `@unchecked`: the sources are only kept, from the initialiser on.
final class Interrupts: @unchecked Sendable {
    static let shared = Interrupts()

    private struct State {
        var wasHeard = false
        var cancel: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private var sources: [any DispatchSourceSignal] = []

    private init() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            let before = signal(number, SIG_IGN)  // the source sees it all the same
            // `nohup` has it ignored, and means it.
            if number == SIGHUP, unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                continue
            }
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { [self] in hear(number) }
            source.resume()
            sources.append(source)
        }
    }

    private func hear(_ number: Int32) {
        let cancel = state.withLock { state -> (@Sendable () -> Void)? in
            defer { state.wasHeard = true }
            return state.wasHeard ? nil : state.cancel ?? {}
        }
        guard let cancel else { exit(128 + number) }
        cancel()
    }

    /// Runs `work` in a task of its own that an interrupt cancels, also one that came before.
    func cancelling<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async -> Result<Value, any Error> {
        let task = Task { try await work() }
        let wasHeard = state.withLock { state in
            state.cancel = { task.cancel() }
            return state.wasHeard
        }
        if wasHeard { task.cancel() }
        let result = await task.result
        state.withLock { $0.cancel = nil }
        return result
    }
}
