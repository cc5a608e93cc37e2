import AviaryKernels
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Keeps freed buffers for the next tensor of the same size: a steady training step asks the system for nothing.
///
/// Where sizes change (another batch, other lengths of text) those that nobody asked for the longest go back to the
/// system, so that alive and kept buffers never take more than twice what was alive at once.
///
/// `AVIARY_ALLOCATOR=system` turns it off, so that AddressSanitizer sees every buffer's end.
package final class MemoryCache: Sendable {
    package static let shared = MemoryCache()

    /// A cache that nobody else takes from.
    package init() {
        // Asked here, where no lock is held that a handler of `exit` could want.
        _ = Self.isCaching
    }

    fileprivate struct State {
        /// By their size; of each size those that were given back first come first.
        var free: [Int: [Free]] = [:]
        var freeByteCount = 0
        /// Counts what is given back.
        var clock = 0
        var liveByteCount = 0
        var peakByteCount = 0
        var markedPeakByteCount = 0
        var systemAllocationCount = 0
        var takenByteCount = 0
    }

    fileprivate struct Free: @unchecked Sendable {  // a number until somebody owns the bytes again
        let bytes: UnsafeMutableRawPointer
        let givenAt: Int
    }

    private let state = Mutex(State())
    package static let isCaching: Bool = {
        switch getenv("AVIARY_ALLOCATOR").map({ String(cString: $0) }) {
        case nil, "": return true
        case "system": return false
        case let other?:
            // As AVIARY_MAX_ISA is refused: nobody is there to throw to where the first tensor is made.
            let refusal = "aviary: AVIARY_ALLOCATOR=\(other): takes system\n"
            _ = write(STDERR_FILENO, refusal, refusal.utf8.count)
            exit(64)
        }
    }()

    /// Bytes of all tensors alive.
    package var liveByteCount: Int { state.withLock { $0.liveByteCount } }
    /// The most there ever were.
    package var peakByteCount: Int { state.withLock { $0.peakByteCount } }
    /// The most there were since the mark.
    package var markedPeakByteCount: Int { state.withLock { $0.markedPeakByteCount } }
    /// Sets the mark.
    package func markPeak() { state.withLock { $0.markedPeakByteCount = $0.liveByteCount } }
    /// Bytes that are kept for later tensors.
    package var freeByteCount: Int { state.withLock { $0.freeByteCount } }
    /// How often the system was asked for memory.
    package var systemAllocationCount: Int { state.withLock { $0.systemAllocationCount } }
    /// Bytes of all tensors that were ever made.
    package var takenByteCount: Int { state.withLock { $0.takenByteCount } }

    package func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let size = Self.roundedSize(byteCount)
        let (known, stale) = state.withLock { state -> (Free?, [Free]) in
            state.liveByteCount += size
            state.takenByteCount += size
            state.peakByteCount = max(state.peakByteCount, state.liveByteCount)
            state.markedPeakByteCount = max(state.markedPeakByteCount, state.liveByteCount)
            if let known = state.takeFree(size) { return (known, []) }
            state.systemAllocationCount += 1
            return (nil, state.removeStale())
        }
        if let known { return known.bytes }
        for buffer in stale { SystemMemory.release(buffer.bytes) }
        return SystemMemory.allocate(size)
    }

    package func give(_ bytes: UnsafeMutableRawPointer, _ byteCount: Int) {
        let size = Self.roundedSize(byteCount)
        state.withLock { state in
            state.liveByteCount -= size
            guard Self.isCaching else { return }
            state.clock += 1
            state.free[size, default: []].append(Free(bytes: bytes, givenAt: state.clock))
            state.freeByteCount += size
        }
        if !Self.isCaching { SystemMemory.release(bytes) }
    }

    /// Whole cache lines; at least one, so that an empty tensor has an address.
    private static func roundedSize(_ byteCount: Int) -> Int {
        max(64, (byteCount + 63) / 64 * 64)
    }
}

extension MemoryCache.State {
    /// The buffer of that size that was given back last.
    fileprivate mutating func takeFree(_ size: Int) -> MemoryCache.Free? {
        guard let known = free[size]?.popLast() else { return nil }
        freeByteCount -= size
        return known
    }

    /// Takes out what has lain the longest, as long as there is more than twice what was alive at once.
    fileprivate mutating func removeStale() -> [MemoryCache.Free] {
        free = free.filter { !$0.value.isEmpty }
        var stale: [MemoryCache.Free] = []
        while liveByteCount + freeByteCount > 2 * peakByteCount,
            let (size, buffers) = free.min(by: { $0.value.stalest < $1.value.stalest }), !buffers.isEmpty
        {
            stale.append(buffers[0])
            free[size] = buffers.count > 1 ? Array(buffers.dropFirst()) : nil
            freeByteCount -= size
        }
        return stale
    }
}

extension [MemoryCache.Free] {
    /// When the first one was given back; later than ever where there is none.
    fileprivate var stalest: Int { first?.givenAt ?? .max }
}
