import AviaryTracking
import Testing

struct ExactKeyTests {
    @Test(arguments: [("\u{2126}", "\u{3A9}"), ("\u{E9}", "e\u{301}"), ("a", "b"), ("a", "ab"), ("", "a")])
    func `keys of other bytes are other keys`(one: String, other: String) {
        #expect(ExactKey(one) != ExactKey(other))
        #expect(Set([ExactKey(one), ExactKey(other), ExactKey(one)]).count == 2)
        #expect((ExactKey(one) < ExactKey(other)) != (ExactKey(other) < ExactKey(one)))
    }

    @Test func `keys are in the order of their bytes`() {
        let keys: [ExactKey] = ["b", "\u{2126}", "", "B", "ab", "\u{3A9}", "a"]
        #expect(keys.sorted().map(\.text) == ["", "B", "a", "ab", "b", "\u{3A9}", "\u{2126}"])
    }

    @Test func `values are found, set and taken away by a text`() {
        var values = ["\u{3A9}": 1, "a": 2].byExactKey
        let (letter, unit) = ("\u{3A9}", "\u{2126}")
        #expect(values[letter] == 1 && values[unit] == nil)
        values[unit] = 3
        values[letter] = nil
        #expect(values == ["\u{2126}": 3, "a": 2])
    }
}
