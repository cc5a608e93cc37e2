import CAviaryKernels

/// The way from one array to another, element by element: a moving average takes a small share of it.
package enum MovingAverageStep {
    /// `from + share · (to - from)`, vectorised, on all threads.
    package static func run(
        from: UnsafePointer<Float>, to: UnsafePointer<Float>, share: Double,
        into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        Parallel.run(count, grain: Parallel.elementGrain) {
            let first = $0.lowerBound
            aviary_moving_average(from + first, to + first, Float(share), output + first, Int64($0.count))
        }
    }

    /// The same as its definition reads, in any precision.
    package static func runPlain<T: BinaryFloatingPoint>(
        from: UnsafePointer<T>, to: UnsafePointer<T>, share: Double, into output: UnsafeMutablePointer<T>,
        count: Int
    ) {
        for i in 0..<count { output[i] = interpolated(from[i], to[i], share: T(share)) }
    }
}
