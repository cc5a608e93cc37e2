package import AviaryFiles
import Synchronization

/// What is computed, with all that the speed of a kernel depends on beside processor and libraries.
package protocol KernelQuestion: Hashable, Sendable {
    /// The same in words, one line.
    var text: String { get }
}

/// Which of several kernels computes what: timed once, then remembered.
///
/// Kernels that give the same sums differ in their last bits, so a choice is part of what makes a training repeatable: it
/// is kept in a file for later programs on this kind of processor, and a run and its checkpoints hold the choices that
/// they were made with (`KernelJournal`).
package final class KernelChoices: Sendable {
    /// Those of this program, with the file in the user's cache: `$XDG_CACHE_HOME/aviary/kernels/PROCESSOR.tsv`.
    package static let shared = KernelChoices(file: standardFile())

    struct State {
        /// What was chosen, by what is computed.
        var known: [String: Known] = [:]
        /// The same for questions that were asked already, so that no step puts one into words.
        var answered: [AnyHashable: String] = [:]
        var hasRead = false
        var problem: FileError?
    }

    struct Known: Equatable {
        let choice: String
        /// What there was to choose from, in order: where a later version has more, it is timed anew.
        let names: [String]
    }

    private let state = Mutex(State())
    private let file: String?

    /// Choices kept in `file`; in memory alone without one.
    package init(file: String?) {
        self.file = file
    }

    /// Where choices are kept, how many are known, and why the file could not be read or written: choices are then good
    /// for this program alone.
    package var report: (file: String?, count: Int, problem: FileError?) {
        state.withLock { state in
            state.readOnce(file)
            return (file, state.known.count, state.problem)
        }
    }

    /// The choice for a question: that of the journal or else the known one, or the fastest of `names`, which is
    /// remembered from now on.
    ///
    /// - Parameters:
    ///   - question: What is computed.
    ///   - names: What there is to choose from.
    ///   - candidates: Gives for each name, in their order, what computes it once; asked where they have to be timed.
    /// - Returns: One of `names`.
    package func choice(
        for question: some KernelQuestion, among names: [String], candidates: () -> [() -> Void]
    ) -> String {
        let journal = KernelJournal.current
        if let held = journal?.choice(for: question, among: names) { return held }
        let choice =
            names.count == 1
            ? names[0] : known(question, names) ?? find(question, among: names, candidates)
        journal?.note(choice, for: question)
        return choice
    }

    private func known(_ question: some KernelQuestion, _ names: [String]) -> String? {
        state.withLock { $0.answered[AnyHashable(question)] }.flatMap { names.contains($0) ? $0 : nil }
    }

    private func find(
        _ question: some KernelQuestion, among names: [String], _ candidates: () -> [() -> Void]
    ) -> String {
        let text = question.text
        func standing(_ state: State) -> String? {
            state.known[text].flatMap { $0.names == names.sorted() ? $0.choice : nil }
        }
        let known = state.withLock { state in
            state.readOnce(file)
            return standing(state)
        }
        // Not under the lock: whoever times the same meanwhile comes second, and takes what the first one wrote.
        let proposal = known ?? names[fastest(candidates())]
        return state.withLock { state in
            let choice = standing(state) ?? proposal
            let new = Known(choice: choice, names: names.sorted())
            if state.known[text] != new {
                state.known[text] = new
                state.write(to: file)
            }
            state.answered.remember(choice, for: AnyHashable(question))
            return choice
        }
    }

    /// The one whose quickest run is the quickest of all; what is far slower at first is not run often.
    ///
    /// They run in turn, so that another program beside them hits all alike, and short ones many times.
    private func fastest(_ candidates: [() -> Void]) -> Int {
        let clock = ContinuousClock()
        var best = candidates.map { run -> Duration in
            run()  // warms up
            return clock.measure(run)
        }
        let begin = clock.now
        var round = 1
        while round <= 7 || round <= 40 && clock.now - begin < .milliseconds(20) {
            let limit = (best.min() ?? .zero) * (round < 3 ? 3.0 : 1.5)
            for (index, run) in candidates.enumerated() where best[index] <= limit {
                best[index] = min(best[index], clock.measure(run))
            }
            round += 1
        }
        return best.indices.min { best[$0] < best[$1] } ?? 0
    }
}

extension [AnyHashable: String] {
    /// Shortcuts are few where shapes repeat; where they never do, all are forgotten from time to time.
    mutating func remember(_ choice: String, for question: AnyHashable) {
        if count >= 4_096 { removeAll() }
        self[question] = choice
    }
}
