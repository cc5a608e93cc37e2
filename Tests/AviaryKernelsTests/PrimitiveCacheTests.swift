import AviaryKernels
import CAviaryOneDNN
import Testing

@Suite struct PrimitiveCacheTests {
    /// Plain images of so many channels, copied: the least primitive there is.
    private static func cache(limit: Int) -> PrimitiveCache<Int> {
        PrimitiveCache(limit: limit) { channels, error in
            var shape = aviary_image(
                batch: 1, channels: Int64(channels), height: 2, width: 2, channel_block: 1)
            var same = shape
            return aviary_reorder_create(&shape, &same, AVIARY_F32, error)
        }
    }

    private static func copies(_ primitive: Primitive, channels: Int) -> Bool {
        let numbers = (0..<channels * 4).map(Float.init)
        var copy = [Float](repeating: 0, count: numbers.count)
        return primitive.use { aviary_reorder_run($0, numbers, &copy) } == 0 && copy == numbers
    }

    @Test func whatWasMadeIsGivenAgain() {
        let cache = Self.cache(limit: 8)
        let first = cache.primitive(for: 3)
        #expect(cache.primitive(for: 3) === first)
        #expect(cache.count == 1)
    }

    @Test func theQuarterThatWasUsedLongestAgoIsLetGo() {
        let cache = Self.cache(limit: 8)
        let made = (1...8).map { cache.primitive(for: $0) }
        #expect(cache.primitive(for: 1) === made[0])
        _ = cache.primitive(for: 9)
        #expect(cache.count <= 8)
        #expect(cache.primitive(for: 1) === made[0])
        #expect(cache.primitive(for: 8) === made[7])
        #expect(cache.primitive(for: 2) !== made[1])
    }

    @Test func aPrimitiveLivesAsLongAsItsUser() {
        let cache = Self.cache(limit: 4)
        let held = cache.primitive(for: 5)
        for channels in 6...40 { #expect(Self.copies(cache.primitive(for: channels), channels: channels)) }
        #expect(cache.count <= 4)
        #expect(Self.copies(held, channels: 5))
        #expect(cache.primitive(for: 5) !== held)
    }
}
