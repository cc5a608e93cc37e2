import AviaryKernels
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Keeps freed buffers for the next tensor of the same size: a steady training step asks the system for nothing.
///
/// `AVIARY_ALLOCATOR=system` turns it off, so that AddressSanitizer sees every buffer's end.
package final class MemoryCache: Sendable {
    package static let shared = MemoryCache()

    private struct State {
        var free: [Int: [Address]] = [:]
        var liveByteCount = 0
        var peakByteCount = 0
        var systemAllocationCount = 0
        var takenByteCount = 0
    }

    private struct Address: @unchecked Sendable {  // a number until somebody owns the bytes again
        let bytes: UnsafeMutableRawPointer
    }

    private let state = Mutex(State())
    private let isCaching = getenv("AVIARY_ALLOCATOR").map { String(cString: $0) } != "system"

    /// Bytes of all tensors alive.
    package var liveByteCount: Int { state.withLock { $0.liveByteCount } }
    /// The most there ever were.
    package var peakByteCount: Int { state.withLock { $0.peakByteCount } }
    /// How often the system was asked for memory.
    package var systemAllocationCount: Int { state.withLock { $0.systemAllocationCount } }
    /// Bytes of all tensors that were ever made.
    package var takenByteCount: Int { state.withLock { $0.takenByteCount } }

    func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let size = Self.roundedSize(byteCount)
        let known = state.withLock { state -> Address? in
            state.liveByteCount += size
            state.takenByteCount += size
            state.peakByteCount = max(state.peakByteCount, state.liveByteCount)
            if let address = state.free[size]?.popLast() { return address }
            state.systemAllocationCount += 1
            return nil
        }
        if let known { return known.bytes }
        let alignment = size < Self.hugePage ? 64 : Self.hugePage
        guard let bytes = aligned_alloc(alignment, size) else {
            fatalError("out of memory: \(size) bytes for a tensor")
        }
        #if canImport(Glibc)
        // Weights that are read once a pass miss the processor's table of small pages at each of them. Only whole huge
        // pages are asked for, so that no byte behind the tensor becomes resident. Where the system gives none, the
        // tensor is as good on small ones.
        if size >= Self.hugePage { madvise(bytes, size / Self.hugePage * Self.hugePage, MADV_HUGEPAGE) }
        #endif
        return bytes
    }

    func give(_ bytes: UnsafeMutableRawPointer, _ byteCount: Int) {
        let size = Self.roundedSize(byteCount)
        state.withLock { state in
            state.liveByteCount -= size
            if isCaching { state.free[size, default: []].append(Address(bytes: bytes)) }
        }
        if !isCaching { free(bytes) }
    }

    /// Bytes of a page of the larger kind on x86-64, and on Arm with small pages of 4 KiB.
    private static let hugePage = 1 << 21

    /// Whole cache lines; at least one, so that an empty tensor has an address.
    private static func roundedSize(_ byteCount: Int) -> Int {
        max(64, (byteCount + 63) / 64 * 64)
    }
}
