import AviaryKernels

/// Which kernels a training was computed with, where several give the same sums and the fastest was taken.
///
/// They differ in the last bits: to go on or to repeat to the last bit takes the same ones.
package struct KernelRecord: Sendable {
    private let journal = KernelJournal()

    /// A record of nothing.
    package init() {}

    /// What was chosen, by what is computed.
    package var choices: [String: String] { journal.choices }

    /// Choices that were taken over but are not to be had here: the fastest was taken instead.
    package var missing: [String: String] { journal.missing }

    /// Why choices are not kept for later programs; `nil` where they are.
    package static var problem: String? { KernelChoices.shared.report.problem.map { "\($0)" } }

    /// Takes over the choices of an earlier part of the training; nothing of it is timed again.
    package func adopt(_ choices: [String: String]) {
        journal.adopt(choices)
    }

    /// Runs `body` and notes every choice that it meets.
    package func collecting<R>(_ body: () async throws -> R) async rethrows -> R {
        try await KernelJournal.$current.withValue(journal, operation: body)
    }
}
