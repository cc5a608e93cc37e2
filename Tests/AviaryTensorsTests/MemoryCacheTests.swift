import AviaryTensors
import Testing

/// What is kept for later tensors, and when it goes back.
@Suite(.enabled(if: MemoryCache.isCaching, "AVIARY_ALLOCATOR=system keeps nothing"))
struct MemoryCacheTests {
    /// Takes buffers of these sizes, writes to their ends, and gives them back.
    private func round(_ cache: MemoryCache, _ sizes: [Int]) {
        let taken = sizes.map { size in
            let bytes = cache.take(size)
            bytes.storeBytes(of: 1, as: UInt8.self)
            bytes.storeBytes(of: 2, toByteOffset: size - 1, as: UInt8.self)
            return (bytes, size)
        }
        for (bytes, size) in taken { cache.give(bytes, size) }
    }

    @Test func `what comes again costs the system nothing`() {
        let cache = MemoryCache()
        for _ in 1...5 { round(cache, [100, 4000, 4000, 3 << 20]) }
        #expect(cache.systemAllocationCount == 4)
        #expect(cache.liveByteCount == 0 && cache.takenByteCount == 5 * cache.peakByteCount)
        #expect(cache.freeByteCount == cache.peakByteCount)
    }

    @Test func `a mark begins a peak of its own, over what is alive then`() {
        let cache = MemoryCache()
        round(cache, [6400])
        let kept = cache.take(640)
        cache.markPeak()
        #expect(cache.markedPeakByteCount == 640 && cache.peakByteCount == 6400)
        round(cache, [1280])
        #expect(cache.markedPeakByteCount == 1920 && cache.peakByteCount == 6400)
        cache.give(kept, 640)
        #expect(cache.markedPeakByteCount == 1920)
    }

    @Test func `what keeps changing its size takes no more than twice what was alive at once`() {
        let cache = MemoryCache()
        for size in 1...200 { round(cache, [size * 640, size * 1280]) }
        #expect(cache.freeByteCount <= 2 * cache.peakByteCount)
        #expect(cache.systemAllocationCount >= 200)
        // The last round is the youngest: it is still there.
        let before = cache.systemAllocationCount
        round(cache, [200 * 640, 200 * 1280])
        #expect(cache.systemAllocationCount == before)
    }

    @Test func `buffers begin at a cache line, large ones at a huge page`() {
        let cache = MemoryCache()
        for (size, alignment) in [(1, 64), (65, 64), (2 << 20, 2 << 20), ((2 << 20) + 1, 2 << 20)] {
            let bytes = cache.take(size)
            #expect(UInt(bitPattern: bytes).isMultiple(of: UInt(alignment)))
            cache.give(bytes, size)
        }
    }
}
