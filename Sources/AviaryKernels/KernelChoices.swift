package import AviaryFiles
import CAviaryKernels
import CAviaryOneDNN
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

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

    fileprivate struct State {
        /// What was chosen, by what is computed.
        var known: [String: Known] = [:]
        /// The same for questions that were asked already, so that no step puts one into words.
        var answered: [AnyHashable: String] = [:]
        var hasRead = false
        var problem: FileError?
    }

    fileprivate struct Known: Equatable {
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
    ///   - kernel: Gives for a name what computes it once.
    /// - Returns: One of `names`.
    package func choice(
        for question: some KernelQuestion, among names: [String], kernel: (String) -> () -> Void
    ) -> String {
        let journal = KernelJournal.current
        if let held = journal?.choice(for: question, among: names) { return held }
        let choice =
            state.withLock { $0.answered[AnyHashable(question)] } ?? find(question, among: names, kernel)
        journal?.note(choice, for: question)
        return choice
    }

    private func find(
        _ question: some KernelQuestion, among names: [String], _ kernel: (String) -> () -> Void
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
        let proposal = known ?? fastest(names.map { ($0, kernel($0)) })
        return state.withLock { state in
            let choice = standing(state) ?? proposal
            let new = Known(choice: choice, names: names.sorted())
            if state.known[text] != new {
                state.known[text] = new
                state.write(to: file)
            }
            state.answered[AnyHashable(question)] = choice
            return choice
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
        return "\(cache)/aviary/kernels/\(String(safe)).tsv"
    }
}

extension KernelChoices.State {
    /// A line of the file is a key, the choice, and what there was to choose from, with tabs between.
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
            let names = parts.last?.split(separator: " ").map(String.init) ?? []
            guard parts.count == 3, names.contains(parts[1]) else {
                throw .unusable(
                    path: file, reason: "\"\(line)\" is no line of a key, a choice and what to choose from")
            }
            if known[parts[0]] == nil { known[parts[0]] = .init(choice: parts[1], names: names) }
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
            let lines = known.sorted { $0.key < $1.key }.map { key, known in
                "\(key)\t\(known.choice)\t\(known.names.joined(separator: " "))\n"
            }
            let text = lines.joined()
            try WholeFile.write(Array(text.utf8), to: file)
        } catch {
            problem = error
        }
    }
}
