import Synchronization

/// The choices that one training has met: what it takes to repeat it to the last bit.
///
/// Those of an earlier part of it hold in its own tasks and nowhere else: they may come from another processor, and are
/// not what other trainings on this one should be computed with.
package final class KernelJournal: Sendable {
    /// That of the task that computes; choices are noted in it.
    @TaskLocal package static var current: KernelJournal?

    private struct State {
        var noted: [String: String] = [:]
        /// The same for questions that were asked already, so that no step puts one into words.
        var answered: [AnyHashable: String] = [:]
        var missing: [String: String] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// What was chosen, by what is computed.
    package var choices: [String: String] { state.withLock { $0.noted } }

    /// Choices that were taken over but are not to be had here, by what is computed: the fastest was taken instead.
    package var missing: [String: String] { state.withLock { $0.missing } }

    /// Takes over the choices of an earlier part of the training.
    package func adopt(_ choices: [String: String]) {
        state.withLock { state in
            state.noted.merge(choices) { $1 }
            state.answered = [:]
        }
    }

    func choice(for question: some KernelQuestion, among names: [String]) -> String? {
        state.withLock { state in
            if let known = state.answered[AnyHashable(question)], names.contains(known) { return known }
            let text = question.text
            guard let held = state.noted[text] else { return nil }
            guard names.contains(held) else {
                state.missing[text] = held
                return nil
            }
            state.answered.remember(held, for: AnyHashable(question))
            return held
        }
    }

    func note(_ choice: String, for question: some KernelQuestion) {
        state.withLock { state in
            state.noted[question.text] = choice
            state.answered.remember(choice, for: AnyHashable(question))
        }
    }
}
