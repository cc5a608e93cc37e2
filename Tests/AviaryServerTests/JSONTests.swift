import AviaryServer
import Testing

struct JSONTests {
    @Test(
        arguments: [
            "null", "true", "[]", "{}", "[1,-2,9223372036854775807]", "[0.1,1e-05,5e-324,-0.0]",
            "[9223372036854775808,-123456789012345678901234567890]",
            "{\"\u{2126}\":1,\"\u{3A9}\":2}",
            "{\"a\":{\"b\":[\"\\u0001\\n\\\"\\\\\"]},\"ä\":\"😀\"}",
        ])
    func `what is read is written again`(text: String) throws {
        var writer = JSONWriter()
        writer.write(try JSONReader.read(Array(text.utf8)))
        #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
    }

    @Test func `numbers that JSON lacks are texts, and escapes stand for characters`() throws {
        var writer = JSONWriter()
        writer.write(.array([.number(.nan), .number(.infinity), .number(-.infinity), .number(1)]))
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "[\"NaN\",\"Infinity\",\"-Infinity\",1.0]")
        let read = try JSONReader.read(Array(" \"\\u00e4\\ud83d\\ude00\\/\\t\" ".utf8))
        #expect(read == .text("ä😀/\t"))
    }

    @Test(
        arguments: [
            ("", "the text ends too early at byte 0"),
            ("nul", "no JSON value at byte 0"),
            ("[1,]", "no JSON value at byte 3"),
            ("[1 2]", "',' or ']' expected at byte 3"),
            ("{\"a\":1,\"a\":2}", "key 'a' stands there twice at byte 10"),
            ("{a:1}", "a key in quotes expected at byte 1"),
            ("01", "no JSON value at byte 2"),
            ("1.", "a digit expected at byte 2"),
            ("1e999", "1e999 is too large at byte 5"),
            (digits(310), "\(digits(310)) is too large at byte 310"),
            (digits(2000), "\(digits(1000))… is too large at byte 2000"),
            ("\"a", "a text without its end at byte 2"),
            ("\"\u{1}\"", "a control character in a text at byte 1"),
            ("\"\\x\"", "an unknown escape at byte 3"),
            ("\"\\ud800\"", "half a surrogate pair at byte 7"),
            ("\"\\udc00\"", "half a surrogate pair at byte 7"),
            ("\"\\u12g4\"", "four hexadecimal digits expected at byte 3"),
            ("1 2", "something follows the value at byte 2"),
        ])
    func `what is no JSON is refused with its place`(text: String, problem: String) {
        let error = #expect(throws: JSONError.self) { try JSONReader.read(Array(text.utf8)) }
        #expect(error?.description == problem)
    }

    @Test func `depth has a limit, and bytes that are no UTF-8 are refused`() throws {
        let deep = { (depth: Int) -> [UInt8] in
            let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return Array(text.utf8)
        }
        _ = try JSONReader.read(deep(JSONReader.depthLimit + 1))
        #expect(throws: JSONError.self) { try JSONReader.read(deep(JSONReader.depthLimit + 2)) }
        #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
    }
}

private func digits(_ count: Int) -> String {
    String(repeating: "9", count: count)
}
