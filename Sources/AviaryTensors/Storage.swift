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

    package init(byteCount: Int) {
        self.byteCount = byteCount
        bytes = MemoryCache.shared.take(byteCount)
    }

    deinit {
        MemoryCache.shared.give(bytes, byteCount)
    }
}
