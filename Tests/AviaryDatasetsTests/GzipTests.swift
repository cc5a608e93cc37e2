import AviaryDatasets
import Testing

struct GzipTests {
    /// `gzip.compress(b"a kestrel hovers, a kestrel hovers", mtime=0)` of Python 3.11.
    private let compressed: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0x54, 0xc8, 0x4e, 0x2d, 0x2e,
        0x29, 0x4a, 0xcd, 0x51, 0xc8, 0xc8, 0x2f, 0x4b, 0x2d, 0x2a, 0xd6, 0x51, 0x48, 0x44, 0x13, 0x01,
        0x00, 0x29, 0x17, 0x62, 0x0a, 0x22, 0x00, 0x00, 0x00,
    ]
    private let text = Array("a kestrel hovers, a kestrel hovers".utf8)

    @Test func `gives back what was compressed`() throws {
        #expect(try Gzip.inflate(compressed, limit: 1000) == text)
    }

    @Test func `reads several members one after the other`() throws {
        #expect(try Gzip.inflate(compressed + compressed, limit: 1000) == text + text)
    }

    @Test func `stops exactly at the limit`() throws {
        #expect(try Gzip.inflate(compressed, limit: text.count) == text)
        #expect(throws: Gzip.Problem.tooLarge(limit: text.count - 1)) {
            try Gzip.inflate(compressed, limit: text.count - 1)
        }
    }

    @Test func `refuses every file that is cut short`() {
        for count in 0..<compressed.count {
            #expect(throws: Gzip.Problem.truncated, "the first \(count) bytes") {
                try Gzip.inflate(Array(compressed.prefix(count)), limit: 1000)
            }
        }
    }

    @Test func `refuses corrupt data and data of another kind`() {
        var corrupt = compressed
        corrupt[compressed.count - 6] ^= 1  // in the checksum
        #expect(throws: Gzip.Problem.damaged) { try Gzip.inflate(corrupt, limit: 1000) }
        #expect(throws: Gzip.Problem.damaged) { try Gzip.inflate(text, limit: 1000) }
        #expect(throws: Gzip.Problem.damaged) { try Gzip.inflate(compressed + text, limit: 1000) }
    }
}
