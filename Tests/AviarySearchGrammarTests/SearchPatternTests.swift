import AviarySearchGrammar
import Testing

struct SearchPatternTests {
    @Test(
        arguments: [
            ("", ["", "anything"], []),
            ("b", ["b", "abc"], ["", "ac", "B"]),
            ("abc", ["xabcx"], ["ab", "abxc"]),
            ("^abc$", ["abc"], ["xabc", "abcx", "abc\n"]),
            ("^$", [""], ["a", "\n"]),
            ("a^b|c$d", [], ["ab", "cd", "a^b", "c$d"]),
            ("a.c", ["abc", "a😀c", "a\rc"], ["ac", "a\nc"]),
            ("^.$", ["a", "😀", "é"], ["", "ab", "e\u{301}"]),
            ("[a-cx]", ["a", "b", "c", "x"], ["d", "w", "-", ""]),
            ("^[^a-c]$", ["d", "\n"], ["a", "b", "c", ""]),
            ("^[]a]$", ["]", "a"], ["b"]),
            ("^[^]a]$", ["b"], ["]", "a"]),
            ("^[a-]$", ["a", "-"], ["b"]),
            ("^[-a]$", ["a", "-"], ["b"]),
            ("^[\\]\\\\-]$", ["]", "\\", "-"], ["a"]),
            ("^[\\d_]+$", ["12_3"], ["12a"]),
            ("^[^\\d]$", ["a"], ["1", ""]),
            ("^[\\D]$", ["a"], ["1"]),
            ("^[b-dc-ea]+$", ["abcde"], ["f"]),
            ("^\\d\\D\\w\\W\\s\\S$", ["1ab- x", "٣x_.\t1"], ["aab- x", "1ab-xx"]),
            ("\\.\\*\\[\\(\\|\\$\\^\\{\\}\\\\", [".*[(|$^{}\\"], ["..[(|$^{}\\"]),
            ("\\t\\n\\r\\_", ["\t\n\r_"], ["tnr_"]),
            ("a*", ["", "b", "aaa"], []),
            ("^a*$", ["", "aaa"], ["ab"]),
            ("^a+$", ["a", "aaa"], ["", "ab"]),
            ("^ab?c$", ["ac", "abc"], ["abbc"]),
            ("^a{2}$", ["aa"], ["a", "aaa"]),
            ("^a{2,}$", ["aa", "aaaaa"], ["a"]),
            ("^a{1,3}$", ["a", "aa", "aaa"], ["", "aaaa"]),
            ("^a{0}b$", ["b"], ["ab"]),
            ("^a{0,0}$", [""], ["a"]),
            ("^(ab|c)+d$", ["abd", "cd", "abccabd"], ["d", "abcad"]),
            ("^(?:a|bc)?$", ["", "a", "bc"], ["b", "abc"]),
            ("^(a|)b$", ["ab", "b"], ["aab"]),
            ("a|b|c", ["a", "b", "c"], ["d"]),
            ("^(a*)*$", ["", "aaaa"], ["aab"]),
            ("^(a*|b)+$", ["", "abba"], ["abc"]),
            ("(^a|b$)", ["ax", "xb"], ["xa", "bx"]),
            ("^a*?b+?c??$", ["b", "aabbc"], ["ac"]),
            ("^((a{2}){2}){2}$", ["aaaaaaaa"], ["aaaaaaa", "aaaaaaaaa"]),
            ("}", ["}"], ["{"]),
            ("]", ["]"], ["["]),
            ("größe", ["die größe"], ["grösse"]),
        ] as [(String, [String], [String])])
    func `fits what it should`(source: String, fitting: [String], others: [String]) throws {
        let pattern = try SearchPattern(source)
        for text in fitting {
            #expect(pattern.matches(text), "\(source) should fit \(text.debugDescription)")
        }
        for text in others {
            #expect(!pattern.matches(text), "\(source) should not fit \(text.debugDescription)")
        }
    }

    @Test(
        arguments: [
            ("*a", "nothing stands before '*' that could be repeated; '\\*' is the sign, at character 1"),
            ("a**", "nothing stands before '*' that could be repeated; '\\*' is the sign, at character 3"),
            ("a|?", "nothing stands before '?' that could be repeated; '\\?' is the sign, at character 3"),
            ("(+)", "nothing stands before '+' that could be repeated; '\\+' is the sign, at character 2"),
            ("{2}", "nothing stands before '{' that could be repeated; '\\{' is the sign, at character 1"),
            (
                "a{2}{2}",
                "nothing stands before '{' that could be repeated; '\\{' is the sign, at character 5"
            ),
            ("a{}", "a number is expected, at character 3"),
            ("a{,2}", "a number is expected, at character 3"),
            ("a{2,b}", "a number is expected, at character 5"),
            ("a{2", "',' or '}' is expected, at character 4"),
            ("a{2,3", "'}' is expected, at character 6"),
            ("a{3,2}", "3 is more than 2, at character 6"),
            ("a{1001}", "something is repeated more than 1000 times, at character 7"),
            ("a{99999999999999999999}", "something is repeated more than 1000 times, at character 23"),
            ("x(a", "the group is not closed, at character 2"),
            ("a)b", "')' closes no group, at character 2"),
            ("(?=a)", "'(?:' is the only group with a '?', at character 3"),
            ("(?i)a", "'(?:' is the only group with a '?', at character 3"),
            ("x[a", "the class is not closed, at character 2"),
            ("[]", "the class is not closed, at character 1"),
            ("[z-a]", "'z' comes after 'a', at character 5"),
            ("[a-\\d]", "a range ends in no class, at character 6"),
            ("a\\", "a backslash at the end stands for nothing, at character 3"),
            ("\\1", "'\\1' is no escape; there are \\d \\w \\s \\D \\W \\S \\t \\n \\r, at character 2"),
            ("[\\b]", "'\\b' is no escape; there are \\d \\w \\s \\D \\W \\S \\t \\n \\r, at character 3"),
            ("a{1000}b{1000}", "written out it has more than 2000 states, at character 1"),
            ("(((a{0}){1000}){1000}){1000}", "written out it has more than 2000 states, at character 1"),
            ("((){1000}){1000}", "written out it has more than 2000 states, at character 1"),
        ])
    func `what is no pattern is refused with its place`(source: String, message: String) {
        let error = #expect(throws: SearchPatternError.self) { try SearchPattern(source) }
        #expect(error?.description == "\(message) of the pattern")
    }

    @Test func `groups are nested 64 deep at most`() throws {
        let nested = { (depth: Int) -> String in
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(try SearchPattern(nested(64)).matches("a"))
        let error = #expect(throws: SearchPatternError.self) { try SearchPattern(nested(65)) }
        #expect(error?.problem == "groups are nested more than 64 deep")
    }

    /// Backtracking would take longer than the universe has been there.
    @Test(arguments: ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(a*)*$", "^(a?){200}a{200}$", "(a+a+)+y"])
    func `answers in time linear in the text`(source: String) throws {
        let pattern = try SearchPattern(source)
        let text = String(repeating: "a", count: 20_000) + "!"
        let time = ContinuousClock().measure { #expect(!pattern.matches(text)) }
        #expect(time < .seconds(5))
    }
}
