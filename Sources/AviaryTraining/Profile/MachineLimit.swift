package import AviaryAutograd
package import AviaryTensors

/// What this machine reaches at most, measured by what the engine itself runs: large products and a large copy.
package struct MachineLimit: Sendable, Equatable {
    /// Floating-point operations a second of a product in single precision.
    package let f32FlopRate: Double
    /// Those of a product in `bf16`.
    package let bf16FlopRate: Double
    /// Bytes read and written a second.
    package let byteRate: Double

    package init(f32FlopRate: Double, bf16FlopRate: Double, byteRate: Double) {
        (self.f32FlopRate, self.bf16FlopRate, self.byteRate) = (f32FlopRate, bf16FlopRate, byteRate)
    }

    /// Measures for half a second at most, unless the machine is so slow that one small product takes longer.
    package static func measured() -> MachineLimit {
        MachineLimit(
            f32FlopRate: flopRate(.f32, within: .milliseconds(160)),
            bf16FlopRate: flopRate(.bf16, within: .milliseconds(160)),
            byteRate: measuredCopyRate(within: .milliseconds(130)))
    }

    /// The least time in which these figures can be: nothing is faster than its products, nor than its memory.
    ///
    /// What lies in a cache can be faster than the copy, and a fast algorithm than the products it saves: then a share
    /// of the limit is above 1.
    package func leastNanoseconds(_ figures: StepProfile.Figures, in precision: DType) -> Double {
        let flopRate = precision == .bf16 ? bf16FlopRate : f32FlopRate
        return 1e9 * max(Double(figures.flopCount) / flopRate, Double(figures.byteCount) / byteRate)
    }

    /// Products of `[extent, extent]`, whose extent doubles while there is time for the next.
    private static func flopRate(_ dtype: DType, within budget: Duration) -> Double {
        let clock = ContinuousClock()
        let begin = clock.now
        var (extent, best) = (256, 0.0)
        repeat {
            let pass = Pass(.evaluation, autocast: dtype == .f32 ? nil : .standard(dtype))
            let factor = pass.input(.filled([extent, extent], with: 1, dtype: dtype))
            _ = factor.product(factor)  // makes the primitive and the buffers
            let duration = clock.measure { _ = factor.product(factor) }
            let flopCount = 2 * Double(extent * extent * extent)
            best = max(best, flopCount / (duration / .seconds(1)))
            // The next one takes eight times as long, and runs twice.
            let left = budget - begin.duration(to: clock.now)
            if extent < 2048, duration * 20 < left { extent *= 2 }
            if duration * 3 > left { break }
        } while true
        return best
    }
}
