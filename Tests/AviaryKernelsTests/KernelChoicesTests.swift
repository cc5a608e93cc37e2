import AviaryKernels
import Foundation
import Testing

struct KernelChoicesTests {
    private struct Question: KernelQuestion {
        let text: String
    }

    private struct Answer: Equatable {
        let choice: String
        let runCount: Int
    }

    private func withFile<R>(_ body: (String) throws -> R) rethrows -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.appendingPathComponent("below/kernels.txt").path)
    }

    /// Asks between a slow kernel and a quick one, and counts how often either ran.
    private func ask(
        _ choices: KernelChoices, _ text: String, among names: [String] = ["slow", "quick"]
    ) -> Answer {
        var count = 0
        let choice = choices.choice(for: Question(text: text), among: names) {
            names.map { name in
                {
                    count += 1
                    usleep(name == "slow" ? 3000 : 10)
                }
            }
        }
        return Answer(choice: choice, runCount: count)
    }

    @Test func `takes the quickest, and times it once`() {
        withFile { file in
            let choices = KernelChoices(file: file)
            let first = ask(choices, "a product")
            // The slow one warms up, and is left out once it is known to be far slower.
            #expect(first.choice == "quick" && (10...44).contains(first.runCount))
            let second = ask(choices, "a product")
            #expect(second == Answer(choice: "quick", runCount: 0))
            #expect(ask(choices, "another").runCount > 2)
            #expect(choices.report.count == 2 && choices.report.problem == nil)
        }
    }

    @Test func `a later program takes what is in the file, and keeps what others wrote meanwhile`() throws {
        try withFile { file in
            let (one, other) = (KernelChoices(file: file), KernelChoices(file: file))
            _ = ask(one, "a")
            // It read nothing yet.
            _ = ask(other, "b")
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text == "a\tquick\tquick slow\nb\tquick\tquick slow\n")
            #expect(ask(KernelChoices(file: file), "b").runCount == 0)
        }
    }

    @Test func `where there is more to choose from than before, it is timed anew`() {
        withFile { file in
            _ = ask(KernelChoices(file: file), "a", among: ["slow", "slower"])
            let later = KernelChoices(file: file)
            let anew = ask(later, "a")
            #expect(anew.choice == "quick" && anew.runCount > 2)
            #expect(ask(KernelChoices(file: file), "a").runCount == 0)
        }
    }

    @Test func `where there is one way it is noted, untimed, and an adopted other one is missing`() {
        withFile { file in
            let (choices, journal) = (KernelChoices(file: file), KernelJournal())
            journal.adopt(["a": "elsewhere"])
            KernelJournal.$current.withValue(journal) {
                for text in ["a", "b"] {
                    #expect(ask(choices, text, among: ["slow"]) == Answer(choice: "slow", runCount: 0))
                }
            }
            #expect(journal.missing == ["a": "elsewhere"])
            #expect(journal.choices == ["a": "slow", "b": "slow"])
            #expect(choices.report.count == 0)
        }
    }

    @Test func `what was answered before among others is asked anew`() {
        let choices = KernelChoices(file: nil)
        #expect(ask(choices, "a").choice == "quick")
        #expect(ask(choices, "a", among: ["slow", "slower"]).choice == "slower")
    }

    @Test func `an adopted choice holds in its journal, against a quicker kernel, and nowhere else`() throws {
        try withFile { file in
            let (choices, journal) = (KernelChoices(file: file), KernelJournal())
            _ = ask(choices, "a")
            journal.adopt(["a": "slow", "b": "slow"])
            for _ in 1...2 {
                KernelJournal.$current.withValue(journal) {
                    #expect(ask(choices, "a") == Answer(choice: "slow", runCount: 0))
                    #expect(ask(choices, "b") == Answer(choice: "slow", runCount: 0))
                }
            }
            #expect(ask(choices, "a") == Answer(choice: "quick", runCount: 0))
            // A new question writes the file.
            _ = KernelJournal.$current.withValue(journal) { ask(choices, "c") }
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text == "a\tquick\tquick slow\nc\tquick\tquick slow\n")
            #expect(journal.choices == ["a": "slow", "b": "slow", "c": "quick"] && journal.missing.isEmpty)
        }
    }

    @Test func `an adopted choice that is not to be had is told, and the fastest taken`() {
        let (choices, journal) = (KernelChoices(file: nil), KernelJournal())
        journal.adopt(["a": "gone"])
        KernelJournal.$current.withValue(journal) { #expect(ask(choices, "a").choice == "quick") }
        #expect(journal.missing == ["a": "gone"] && journal.choices == ["a": "quick"])
    }

    @Test func `a journal has what its own task asked for, and what it adopted`() {
        let journal = KernelJournal()
        let choices = KernelChoices(file: nil)
        _ = ask(choices, "outside")
        KernelJournal.$current.withValue(journal) {
            _ = ask(choices, "inside")
            _ = ask(choices, "inside")
        }
        #expect(journal.choices == ["inside": "quick"])
        journal.adopt(["before, of a test": "slow"])
        #expect(journal.choices == ["inside": "quick", "before, of a test": "slow"])
    }

    @Test func `a damaged or unwritable file is told, and choices go on in memory`() throws {
        try withFile { file in
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try "a\tquick\tquick slow\nno tab here\n".write(toFile: file, atomically: true, encoding: .utf8)
            let choices = KernelChoices(file: file)
            #expect(ask(choices, "b").choice == "quick")
            #expect(ask(choices, "b").runCount == 0)
            let problem = try #require(choices.report.problem)
            #expect(
                "\(problem)"
                    == "\(file): \"no tab here\" is no line of a key, a choice and what to choose from")
        }
        let choices = KernelChoices(file: "/proc/none/kernels.txt")
        #expect(ask(choices, "a").choice == "quick")
        #expect(choices.report.problem != nil)
    }
}
