import AviaryFuzzing
import AviaryServer
import Foundation
import HTTPTypes
import Testing

/// What clients send is read or refused with a place or a field, in a moment; nothing traps.
struct JSONFuzzTests {
    private static let documents = [
        "{\"run_id\":\"r\",\"value\":1.5e-3,\"timestamp\":5,\"tags\":[{\"key\":\"a\",\"value\":\"ä\\u00e4\\ud83d\\ude00\"}]}",
        "{\"runId\":\"r\",\"value\":\"NaN\",\"timestamp\":\"-7\",\"status\":\"FAILED\",\"is_last\":true,\"names\":[\"b\",\"\"]}",
        "{\"run_uuid\":\"r\",\"value\":-0,\"timestamp\":9223372036854775807,\"dataset\":{\"name\":\"d\",\"kinds\":[{\"key\":\"k\"}]}}",
        "[0,-1,1.25,1E+2,1e-300,[],{},null,true,false,\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
        "\"{\\\"run_id\\\":\\\"r\\\",\\\"value\\\":1.5,\\\"timestamp\\\":5}\"",
        " { \"a\" : [ 1 , 2 ] , \"b\" : { \"c\" : \"\" } } ",
    ]
    private static let mutation = Mutation(pieces: [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "null", "true", "\"run_id\":",
        "\"value\":",
        "\"tags\":[{", "1e999", "-", "0", "99999999999999999999", ".5", "\u{0}", "\u{1F}", "é", "😀", " ",
        "[[[[[[[[[[",
        "{\"a\":",
    ])
    private static let queries = [
        "run_id=r&value=1.5&timestamp=5&names=a&names=b", "runId=r&is_last=true&step=%2D7&status=3&value=NaN",
    ]
    private static let queryMutation = Mutation(pieces: [
        "&", "=", "%", "%41", "%C3%A4", "%FF", "+", "run_id=", "names=", ";", "#", "?", "\u{0}", "é",
    ])

    @Test func `what is read as JSON is JSON, and is the same when it was written and read again`() {
        var (takenCount, roundCount) = (0, 0)
        let slowest = Fuzzing.rounds(20_000, from: 1) { seed, random in
            let document = Array(random.one(of: Self.documents).utf8)
            let bytes =
                random.oneIn(8) ? Self.mutation.noise(&random) : Self.mutation.mutated(document, &random)
            roundCount += 1
            do throws(JSONError) {
                let value = try JSONReader.read(bytes)
                takenCount += 1
                Self.expectSame(value, bytes, seed)
            } catch {
                guard !(0...bytes.count).contains(error.offset) || error.problem.isEmpty else { return }
                Issue.record("seed \(seed): \(Self.shown(bytes)): \(error)")
            }
        }
        // Neither is every mutation harmless nor every one fatal.
        #expect((roundCount / 50...roundCount * 49 / 50).contains(takenCount))
        #expect(slowest < .seconds(5))
    }

    private static func expectSame(_ value: JSONValue, _ bytes: [UInt8], _ seed: UInt64) {
        var writer = JSONWriter()
        writer.write(value)
        guard (try? JSONReader.read(writer.bytes)) == value else {
            Issue.record("seed \(seed): \(shown(bytes)) became \(shown(writer.bytes))")
            return
        }
        // Another reader, which takes more, takes this too.
        if (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) == nil {
            Issue.record("seed \(seed): \(shown(bytes)) is no JSON to Foundation")
        }
    }

    @Test func `messages are read or refused with a field`() {
        var takenCount = 0
        let slowest = Fuzzing.rounds(20_000, from: 2) { seed, random in
            let bytes = Self.mutation.mutated(Array(random.one(of: Self.documents).utf8), &random)
            takenCount += Self.takes(seed, bytes) { () throws(MLflowError) in
                _ = try WireSample(WireFields(body: bytes))
            }
            let query = Self.queryMutation.mutated(Array(random.one(of: Self.queries).utf8), &random)
            takenCount += Self.takes(seed, query) { () throws(MLflowError) in
                _ = try WireSample(WireFields(query: String(decoding: query, as: UTF8.self)))
            }
        }
        #expect(takenCount > 0)
        #expect(slowest < .seconds(5))
    }

    @Test func `page tokens are read or refused, and those that were given are read`() throws {
        let slowest = try Fuzzing.rounds(5000, from: 3) { seed, random in
            let offset = Int.random(in: 0...Int.max, using: &random)
            let text = PageToken(offset: offset).text
            if try PageToken(text).offset != offset { Issue.record("seed \(seed): \(text)") }
            let mutated = Self.mutation.mutated(Array(text.utf8), &random)
            _ = Self.takes(seed, mutated) { () throws(MLflowError) in
                _ = try PageToken(String(decoding: mutated, as: UTF8.self))
            }
        }
        #expect(slowest < .seconds(5))
    }

    /// 1 if it is taken; a refusal is the client's mistake, in words.
    private static func takes(
        _ seed: UInt64, _ bytes: [UInt8], _ read: () throws(MLflowError) -> Void
    ) -> Int {
        do throws(MLflowError) {
            try read()
            return 1
        } catch {
            if error.status.code != 400 || error.message.isEmpty {
                Issue.record("seed \(seed): \(shown(bytes)): \(error)")
            }
            return 0
        }
    }

    private static func shown(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).debugDescription
    }
}
