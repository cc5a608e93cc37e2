import CAviaryKernels

/// Brings every element into `[-limit, limit]`; NaN stays NaN.
package enum ValueLimit {
    /// Vectorised, on all threads.
    package static func run(
        _ source: UnsafePointer<Float>, limit: Double, into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        Parallel.run(count, grain: Parallel.elementGrain) {
            aviary_limit(source + $0.lowerBound, Float(limit), output + $0.lowerBound, Int64($0.count))
        }
    }

    /// As the definition reads, in any precision.
    package static func runPlain<T: BinaryFloatingPoint>(
        _ source: UnsafePointer<T>, limit: Double, into output: UnsafeMutablePointer<T>, count: Int
    ) {
        let limit = T(limit)
        for i in 0..<count {
            output[i] = source[i] > limit ? limit : source[i] < -limit ? -limit : source[i]
        }
    }
}
