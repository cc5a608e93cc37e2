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
        let choice = choices.choice(for: Question(text: text), among: names) { name in
            {
                count += 1
                usleep(name == "slow" ? 3000 : 10)
            }
        }
        return Answer(choice: choice, runCount: count)
    }

    @Test func `takes the quickest, and times it once`() {
        withFile { file in
            let choices = KernelChoices(file: file)
            let first = ask(choices, "a product")
            #expect(first.choice == "quick" && first.runCount > 2)
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
            #expect(text == "a\tquick\nb\tquick\n")
            #expect(ask(KernelChoices(file: file), "b").runCount == 0)
        }
    }

    @Test func `an adopted choice holds, also against a quicker kernel, until it is not there`() {
        let choices = KernelChoices(file: nil)
        _ = ask(choices, "a")
        choices.adopt(["a": "slow"])
        #expect(ask(choices, "a") == Answer(choice: "slow", runCount: 0))
        let anew = ask(choices, "b", among: ["quick"])
        #expect(anew.choice == "quick")
        choices.adopt(["c": "gone"])
        #expect(ask(choices, "c").choice == "quick")
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
            try "a\tquick\nno tab here\n".write(toFile: file, atomically: true, encoding: .utf8)
            let choices = KernelChoices(file: file)
            #expect(ask(choices, "b").choice == "quick")
            #expect(ask(choices, "b").runCount == 0)
            let problem = try #require(choices.report.problem)
            #expect("\(problem)" == "\(file): \"no tab here\" is no line of a key, a tab and a choice")
        }
        let choices = KernelChoices(file: "/proc/none/kernels.txt")
        #expect(ask(choices, "a").choice == "quick")
        #expect(choices.report.problem != nil)
    }
}
