import CAviaryKernels

/// Reals of two bytes: `bf16` and `f16`.
package enum LowPrecision: Sendable {
    case bf16
    case f16

    /// Rounds to the nearest, ties to even; a NaN stays one.
    package func narrow(_ source: UnsafePointer<Float>, into output: UnsafeMutablePointer<UInt16>, count: Int)
    {
        let loop = self == .bf16 ? aviary_f32_to_bf16 : aviary_f32_to_f16
        Parallel.run(count, grain: Parallel.elementGrain) {
            loop(source + $0.lowerBound, output + $0.lowerBound, Int64($0.count))
        }
    }

    /// Exact.
    package func widen(_ source: UnsafePointer<UInt16>, into output: UnsafeMutablePointer<Float>, count: Int)
    {
        let loop = self == .bf16 ? aviary_bf16_to_f32 : aviary_f16_to_f32
        Parallel.run(count, grain: Parallel.elementGrain) {
            loop(source + $0.lowerBound, output + $0.lowerBound, Int64($0.count))
        }
    }

    /// The number of two bytes nearest to each, in four: what narrowing and widening again gives.
    package func round(_ source: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int) {
        let loop = self == .bf16 ? aviary_f32_round_to_bf16 : aviary_f32_round_to_f16
        Parallel.run(count, grain: Parallel.elementGrain) {
            loop(source + $0.lowerBound, output + $0.lowerBound, Int64($0.count))
        }
    }
}
