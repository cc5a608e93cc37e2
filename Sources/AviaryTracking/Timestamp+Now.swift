#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Timestamp {
    /// The moment the system's clock shows.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)  // cannot fail for this clock and a valid address
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
