import AviaryTracking
import Testing

struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_582_934_400_123, "2020-02-29T00:00:00.123Z"),
            (951_868_799_999, "2000-02-29T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_764_000_000_000, "2025-11-24T16:00:00.000Z"),
        ] as [(Int64, String)])
    func `is written as ISO 8601 in UTC with milliseconds`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test func `now is later than this test was written and earlier than its replacement`() {
        #expect(Timestamp.now > Timestamp(milliseconds: 1_760_000_000_000))
        #expect(Timestamp.now < Timestamp(milliseconds: 4_107_542_400_000))
    }
}
