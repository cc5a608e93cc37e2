import Synchronization

/// Where a tensor's bytes are.
public enum Device: Sendable, Hashable {
    /// The memory of this machine.
    case cpu
}

/// The bytes behind one or more tensors, given back when the last of them is gone.
///
/// `@unchecked Sendable`: the bytes are written only by the function that made the storage, before it is seen
/// by anyone else; afterwards everybody reads. `Tensor.uniqueAddress` alone writes later, where nobody else has it.
package final class Storage: @unchecked Sendable {
    package let device = Device.cpu
    package let byteCount: Int
    package let bytes: UnsafeMutableRawPointer
    private let derived = Mutex<[String: Derived]>([:])

    package init(byteCount: Int) {
        self.byteCount = byteCount
        bytes = MemoryCache.shared.take(byteCount)
    }

    var buffer: UnsafeMutableRawBufferPointer { .init(start: bytes, count: byteCount) }

    deinit {
        MemoryCache.shared.give(bytes, byteCount)
    }

    /// What was made of these bytes, and of others, before; made now where it was not.
    ///
    /// It is kept for as long as these bytes are not changed: weights in the blocks of a convolution, or with a norm
    /// folded in. Of each purpose there is one: made of other storages, it takes the place of the earlier.
    ///
    /// - Parameters:
    ///   - others: Further storages that it is made of; they are kept with it.
    ///   - purpose: What it is; two of one purpose and the same storages have equal bytes.
    ///   - make: Makes it.
    /// - Returns: What `make` gave, now or earlier.
    package func made(from others: [Storage] = [], for purpose: String, _ make: () -> [Storage]) -> [Storage]
    {
        derived.withLock { derived in
            // While the others are kept, no later storage has their identity.
            if let known = derived[purpose], known.others.elementsEqual(others, by: ===) {
                return known.results
            }
            let new = Derived(results: make(), others: others)
            derived[purpose] = new
            return new.results
        }
    }

    /// The bytes are about to change.
    package func forgetDerived() {
        derived.withLock { $0 = [:] }
    }
}

private struct Derived {
    let results: [Storage]
    let others: [Storage]
}
