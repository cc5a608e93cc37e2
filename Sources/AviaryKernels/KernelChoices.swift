package import AviaryFiles
import CAviaryKernels
import CAviaryOneDNN
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The choices that one training has met: what it takes to repeat it to the last bit.
package final class KernelJournal: Sendable {
    /// That of the task that computes; choices are noted in it.
    @TaskLocal package static var current: KernelJournal?

    private let noted = Mutex<[String: String]>([:])

    package init() {}

    /// What was chosen, by what is computed.
    package var choices: [String: String] { noted.withLock { $0 } }

    /// Takes over the choices of an earlier part of the training: from now on they hold in this program.
    package func adopt(_ choices: [String: String]) {
        KernelChoices.shared.adopt(choices)
        noted.withLock { $0.merge(choices) { $1 } }
    }

    fileprivate func note(_ key: String, _ choice: String) {
        noted.withLock { $0[key] = choice }
    }
}

/// What is computed, with all that the speed of a kernel depends on beside processor and libraries.
package protocol KernelQuestion: Hashable, Sendable {
    /// The same in words, one line.
    var text: String { get }
}

/// Which of several kernels computes what: timed once, then remembered.
///
/// Kernels that give the same sums differ in their last bits, so a choice is part of what makes a training repeatable: it
/// is kept in a file for later programs on this kind of processor, and a run and its checkpoints hold the choices that
/// they were made with (`KernelJournal`, `adopt`).
package final class KernelChoices: Sendable {
    /// Those of this program, with the file in the user's cache: `$XDG_CACHE_HOME/aviary/kernels/PROCESSOR.txt`.
    package static let shared = KernelChoices(file: standardFile())

    fileprivate struct State {
        /// What was chosen, by what is computed.
        var known: [String: String] = [:]
        /// The same for questions that were asked already, so that no step puts one into words.
        var answered: [AnyHashable: Answer] = [:]
        var hasRead = false
        var problem: FileError?
    }

    /// Of a question: its words and the choice.
    fileprivate struct Answer {
        let text: String
        let choice: String
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

    /// Takes choices over, in place of any known ones: those of a run that is to be continued or repeated.
    package func adopt(_ choices: [String: String]) {
        state.withLock { state in
            state.readOnce(file)
            state.known.merge(choices) { $1 }
            state.answered = [:]
        }
    }

    /// The choice for a question: the known one, or the fastest of `names`, which is remembered from now on.
    ///
    /// - Parameters:
    ///   - question: What is computed.
    ///   - names: What there is to choose from; a known choice that is not among them is timed anew.
    ///   - kernel: Gives for a name what computes it once.
    /// - Returns: One of `names`.
    package func choice(
        for question: some KernelQuestion, among names: [String], kernel: (String) -> () -> Void
    ) -> String {
        let answer =
            state.withLock { $0.answered[AnyHashable(question)] } ?? find(question, among: names, kernel)
        KernelJournal.current?.note(answer.text, answer.choice)
        return answer.choice
    }

    private func find(
        _ question: some KernelQuestion, among names: [String], _ kernel: (String) -> () -> Void
    ) -> Answer {
        let text = question.text
        func standing(_ state: State) -> String? {
            state.known[text].flatMap { names.contains($0) ? $0 : nil }
        }
        let known = state.withLock { state in
            state.readOnce(file)
            return standing(state)
        }
        // Not under the lock: whoever times the same meanwhile comes second, and takes what the first one wrote.
        let proposal = known ?? fastest(names.map { ($0, kernel($0)) })
        return state.withLock { state in
            let choice = standing(state) ?? proposal
            if state.known[text] != choice {
                state.known[text] = choice
                state.write(to: file)
            }
            let answer = Answer(text: text, choice: choice)
            state.answered[AnyHashable(question)] = answer
            return answer
        }
    }

    /// The name whose quickest run is the quickest of all; what is far slower at first is not run often.
    ///
    /// They run in turn, so that another program beside them hits all alike.
    private func fastest(_ candidates: [(name: String, run: () -> Void)]) -> String {
        var best = candidates.map { candidate -> Duration in
            candidate.run()  // warms up
            return ContinuousClock().measure(candidate.run)
        }
        for round in 1...7 {
            let limit = (best.min() ?? .zero) * (round < 3 ? 3.0 : 1.5)
            for (index, candidate) in candidates.enumerated() where best[index] <= limit {
                best[index] = min(best[index], ContinuousClock().measure(candidate.run))
            }
        }
        let winner = best.indices.min { best[$0] < best[$1] } ?? 0
        return candidates[winner].name
    }

    private static func standardFile() -> String? {
        func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        let named = value("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let cache = named ?? value("HOME").map({ "\($0)/.cache" }) else { return nil }
        let facts = [
            aviary_processor_name(), aviary_onednn_isa(), aviary_instructions_name(), aviary_onednn_version(),
        ]
        let name = facts.compactMap { $0.map { String(cString: $0) } }.joined(separator: "-")
        let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" }
        return "\(cache)/aviary/kernels/\(String(safe)).txt"
    }
}

extension KernelChoices.State {
    /// A line of the file is a key, a tab and a choice.
    mutating func readOnce(_ file: String?) {
        guard !hasRead, let file else { return }
        hasRead = true
        do throws(FileError) {
            try take(WholeFile.read(file), of: file)
        } catch {
            if case .missing = error { return }
            problem = error
        }
    }

    private mutating func take(_ bytes: [UInt8], of file: String) throws(FileError) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "\t").map(String.init)
            guard parts.count == 2 else {
                throw .unusable(path: file, reason: "\"\(line)\" is no line of a key, a tab and a choice")
            }
            if known[parts[0]] == nil { known[parts[0]] = parts[1] }
        }
    }

    /// Writes everything known, with what other programs have written meanwhile.
    mutating func write(to file: String?) {
        guard let file else { return }
        do throws(FileError) {
            try WholeFile.makeFolders(for: file)
            do throws(FileError) {
                try take(WholeFile.read(file), of: file)
            } catch {
                guard case .missing = error else { throw error }
            }
            let text = known.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value)\n" }.joined()
            try WholeFile.write(Array(text.utf8), to: file)
        } catch {
            problem = error
        }
    }
}
