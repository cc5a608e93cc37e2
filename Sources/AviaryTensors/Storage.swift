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
    private let forms = Mutex<[Int: Storage]>([:])

    package init(byteCount: Int) {
        self.byteCount = byteCount
        bytes = MemoryCache.shared.take(byteCount)
    }

    deinit {
        MemoryCache.shared.give(bytes, byteCount)
    }

    /// The same numbers as a kernel wants them, made once: weights in the blocks of a convolution.
    ///
    /// - Parameters:
    ///   - number: Which form; two of one number have equal bytes.
    ///   - byteCount: How long it is.
    ///   - make: Writes it, from these bytes.
    /// - Returns: The form, which lives as long as these bytes are not changed.
    func form(_ number: Int, byteCount: Int, make: (UnsafeMutableRawPointer) -> Void) -> Storage {
        forms.withLock { forms in
            if let known = forms[number] { return known }
            let form = Storage(byteCount: byteCount)
            make(form.bytes)
            forms[number] = form
            return form
        }
    }

    /// The bytes are about to change.
    func forgetForms() {
        forms.withLock { $0 = [:] }
    }
}
