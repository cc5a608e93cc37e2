import AviaryTensors
import Testing

/// What is made of a storage's bytes and kept with it.
struct StorageTests {
    private func made(
        _ storage: Storage, from others: [Storage] = [], _ purpose: String, _ count: inout Int
    )
        -> Storage
    {
        storage.made(from: others, for: purpose) {
            count += 1
            return [Storage(byteCount: 64)]
        }[0]
    }

    @Test func `is made once for each purpose, until the bytes change`() {
        let storage = Storage(byteCount: 64)
        var count = 0
        let first = made(storage, "a", &count)
        #expect(made(storage, "a", &count) === first && count == 1)
        #expect(made(storage, "b", &count) !== first && count == 2)
        #expect(made(storage, "a", &count) === first && count == 2)
        storage.forgetDerived()
        #expect(made(storage, "a", &count) !== first && count == 3)
    }

    @Test func `made of another storage, it takes the place of the earlier`() {
        let (storage, one, other) = (Storage(byteCount: 64), Storage(byteCount: 64), Storage(byteCount: 64))
        var count = 0
        weak let first = made(storage, from: [one], "a", &count)
        #expect(first != nil)
        let second = made(storage, from: [other], "a", &count)
        #expect(first == nil && count == 2)
        #expect(made(storage, from: [other], "a", &count) === second && count == 2)
        #expect(made(storage, from: [other, one], "a", &count) !== second && count == 3)
    }
}
