import AviaryArtifacts
import Testing

struct ArtifactPathTests {
    @Test(arguments: ["logs/console.log", "a", "gr\u{F6}\u{DF}e/1.txt", "..hidden/...", "a b/c.d"])
    func `takes relative names`(text: String) throws {
        #expect(try ArtifactPath(text).text == text)
    }

    @Test(arguments: [
        "", "/etc/passwd", "..", "a/../b", "./a", "a/.", "a//b", "a/", "a\\b", "a\u{0}b", "a\nb",
        "a\u{7F}", "a\u{85}b",
    ])
    func `refuses what could leave the run or hide`(text: String) {
        #expect(throws: ArtifactError.self) { try ArtifactPath(text) }
    }

    @Test func `limits the parts, the whole and the depth`() throws {
        _ = try ArtifactPath(String(repeating: "a", count: 255))
        #expect(throws: ArtifactError.self) { try ArtifactPath(String(repeating: "a", count: 256)) }
        _ = try ArtifactPath(Array(repeating: "a", count: 32).joined(separator: "/"))
        #expect(throws: ArtifactError.self) {
            try ArtifactPath(Array(repeating: "a", count: 33).joined(separator: "/"))
        }
        let long = Array(repeating: String(repeating: "b", count: 200), count: 6).joined(separator: "/")
        #expect(throws: ArtifactError.self) { try ArtifactPath(long) }
    }

    @Test func `a path with its place may be longer and deeper`() throws {
        let long = Array(repeating: String(repeating: "b", count: 200), count: 6).joined(separator: "/")
        #expect(try ArtifactPath(whole: long).text == long)
        _ = try ArtifactPath(whole: Array(repeating: "a", count: 64).joined(separator: "/"))
        let cases = [
            (Array(repeating: "a", count: 65).joined(separator: "/"), "is more than 64 folders deep"),
            (Array(repeating: long, count: 2).joined(separator: "/"), "is longer than 2048 bytes"),
            (String(repeating: "c", count: 256), "has a part longer than 255 bytes"),
        ]
        for (text, rule) in cases {
            let error = #expect(throws: ArtifactError.self) { try ArtifactPath(whole: text) }
            #expect(error == .refusedPath(String(text.prefix(80)) + "…", rule: rule))
        }
    }

    @Test func `shows no control character in its message`() {
        let error = #expect(throws: ArtifactError.self) { try ArtifactPath("a\u{1B}[31m") }
        #expect(error?.description.unicodeScalars.contains("\u{1B}") == false)
    }
}
