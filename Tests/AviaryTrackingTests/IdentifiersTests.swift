import AviaryTracking
import Testing

struct IdentifiersTests {
    @Test(arguments: ["", "abc", String(repeating: "A", count: 32), String(repeating: "g", count: 32)])
    func `refuses what is not 32 lower-case hexadecimal digits`(text: String) {
        #expect(RunID(text) == nil)
    }

    @Test func `takes back what it prints, and draws differ`() {
        let drawn = RunID.random()
        #expect(RunID(drawn.description) == drawn)
        #expect(RunID.random() != drawn)
    }
}
