import CAviaryKernels

/// Runs loops on the thread pool that oneDNN and OpenBLAS use.
package enum Parallel {
    /// How many threads a loop is split over; the split never changes a result's bits within one count.
    package static var threadCount: Int { Int(aviary_thread_count()) }

    /// Tells libgomp that number, which it keeps for each thread apart: before oneDNN or OpenBLAS is given work.
    package static func adoptThreadCount() {
        _ = aviary_thread_count()
    }

    /// Processors that this program may run on.
    package static var processorCount: Int { Int(aviary_processor_count()) }

    /// Sets how many threads later loops use, in the whole program.
    package static func setThreadCount(_ count: Int) {
        aviary_set_thread_count(Int32(count))
    }

    /// Calls `body` with another number of threads for what it runs on the calling thread.
    package static func withThreadCount<R>(_ count: Int, _ body: () throws -> R) rethrows -> R {
        let before = aviary_set_own_thread_count(Int32(count))
        defer { _ = aviary_set_own_thread_count(before) }
        return try body()
    }

    /// Calls `body` with contiguous parts of `0..<count`, one a thread; at once if there are `grain` or fewer.
    package static func run(_ count: Int, grain: Int = 1, _ body: (Range<Int>) -> Void) {
        withoutActuallyEscaping(body) { body in
            var context = Context(body: body)
            withUnsafeMutablePointer(to: &context) { pointer in
                aviary_parallel(Int64(count), Int64(grain), runPart, UnsafeMutableRawPointer(pointer))
            }
        }
    }

    /// The grain of loops that do one cheap thing an element: below it a second thread costs more than it gives.
    package static let elementGrain = 16_384
}

private struct Context {
    let body: (Range<Int>) -> Void
}

// A function, not a closure: a closure in a main-actor file would trap on another thread.
private func runPart(_ context: UnsafeMutableRawPointer?, _ begin: Int64, _ end: Int64) {
    context?.assumingMemoryBound(to: Context.self).pointee.body(Int(begin)..<Int(end))
}
