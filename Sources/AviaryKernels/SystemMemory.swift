#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Memory from the system, as tensors lie in it.
package enum SystemMemory {
    /// Bytes of a page of the larger kind on x86-64, and on Arm with small pages of 4 KiB.
    private static let hugePage = 1 << 21

    /// Bytes from a cache line on, of a huge page where there are as many.
    package static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        var memory: UnsafeMutableRawPointer?
        // Not aligned_alloc: it takes whole multiples of the alignment.
        guard posix_memalign(&memory, byteCount < hugePage ? 64 : hugePage, byteCount) == 0,
            let bytes = memory
        else { fatalError("out of memory: \(byteCount) bytes for numbers") }
        #if canImport(Glibc)
        // Weights that are read once a pass miss the processor's table of small pages at each of them. Only whole huge
        // pages are asked for, so that no byte behind the last becomes resident. Where the system gives none, the memory
        // is as good on small ones.
        if byteCount >= hugePage { madvise(bytes, byteCount / hugePage * hugePage, MADV_HUGEPAGE) }
        #endif
        return bytes
    }

    /// Gives back what `allocate` gave.
    package static func release(_ bytes: UnsafeMutableRawPointer) {
        free(bytes)
    }
}
