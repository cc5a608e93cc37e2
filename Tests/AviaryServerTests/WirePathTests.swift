import AviaryArtifacts
import AviaryServer
import Testing

struct WirePathTests {
    @Test(
        arguments: [
            "..", "../", "../x", "a/../b", "a/..", "/a", "//a", "/etc/passwd", "%2e%2e", "%2E%2e%2Fx",
            "..%2fx",
            "%252e%252e%252fx", "%25252e%25252e%25252fx", "a%2f..%2fb", "%2fetc%2fpasswd", "C:%5cx", "C:/x",
            "é:/x",
            "\\\\host\\share", "file:/x", "FILE:x", "file:///etc/passwd", "file%3a///x", "a%23b", "#a", "%ff",
            "%c0%ae%c0%ae/x", "a/%25%32%65%25%32%65/b",
        ])
    func `a path that leads elsewhere is invalid, however it is written`(path: String) {
        #expect(throws: MLflowError(.invalidParameterValue, "Invalid path")) { try WirePath(path) }
    }

    @Test func `a path that is encoded without end is invalid`() {
        let path = "a%" + String(repeating: "25", count: 12) + "41"
        #expect(throws: MLflowError(.invalidParameterValue, "Invalid path")) { try WirePath(path) }
    }

    @Test(
        arguments: [
            ("", "", ""), ("a/b", "a/b", "a/b"), ("a%20b", "a b", "a b"),
            ("per%2520cent", "per cent", "per cent"),
            ("100% sure", "100% sure", "100% sure"), ("./a//b/./", "./a//b/./", "a/b"), (".", ".", ""),
            ("...", "...", "..."), ("..a/a..", "..a/a..", "..a/a.."), ("%23", "", ""), ("a%3f", "a", "a"),
            ("a%3fb", "a?b", "a?b"), ("c:x", "c:x", "c:x"), ("http://x/y", "http://x/y", "http:/x/y"),
            ("..%5cx", "..\\x", "..\\x"), ("a%00b", "a%00b", "a%00b"), ("a%c2%85b", "a%85b", "a%85b"),
            ("gr%C3%B6%C3%9Fe", "größe", "größe"),
        ])
    func `a path is read as a file system would`(sent: String, text: String, resolved: String) throws {
        let path = try WirePath(sent)
        #expect(path.text == text)
        #expect(path.resolved == resolved)
    }

    @Test(
        arguments: [
            ("a", "a"), ("a/b.txt", "a/b.txt"), ("a//b", "a/b"), ("a///b", "a/b"),
            ("per%2520cent", "per cent"),
            ("~", "~"), ("C:/x".replacing("C", with: "dir/C"), "dir/C:/x"), ("größe 数", "größe 数"),
        ])
    func `a file gets a name of its own`(sent: String, name: String) throws {
        #expect(try WirePath(sent).name().text == name)
    }

    @Test(
        arguments: [
            ("", "Artifact path must include a filename (cannot end with '/')."),
            ("a/", "Artifact path must include a filename (cannot end with '/')."),
            (
                "a/b%23".replacing("b", with: ""),
                "Artifact path must include a filename (cannot end with '/')."
            ),
            (".", unresolved(".", ".")),
            ("a/.", unresolved("a/.", "a")),
            ("./a", unresolved(".", ".")),
            ("a/./b", unresolved("a/.", "a")),
            ("a//b/c", unresolved("a//b", "a/b")),
            ("http://x/y", unresolved("http://x", "http:/x")),
            ("a%00b", "Invalid path: a name has no control characters"),
            ("a%0ab", "Invalid path: a name has no control characters"),
            (
                "a%5cb",
                "Invalid path: artifact path 'a\\b' has a backslash; separate folders with '/'"
            ),
            (
                String(repeating: "x", count: 256),
                "Invalid path: artifact path '\(String(repeating: "x", count: 80))…' has a part longer than 255 bytes"
            ),
            (
                String(repeating: "x/", count: 4096) + "y",
                "Invalid path: artifact path '\(String(repeating: "x/", count: 40))…' is longer than 2048 bytes"
            ),
            (
                String(repeating: "x/", count: 64) + "y",
                "Invalid path: artifact path '\(String(repeating: "x/", count: 40))…' is more than 64 folders deep"
            ),
        ])
    func `what could not be found again is no name`(sent: String, message: String) {
        #expect(throws: MLflowError(.invalidParameterValue, message)) { try WirePath(sent).name() }
    }
}

private func unresolved(_ path: String, _ short: String) -> String {
    "Invalid artifact path: '\(path)'. Names may be treated as files in certain cases, and must not resolve to other "
        + "names when treated as such. This name would resolve to '\(short)'"
}
