import Foundation

/// Rounds of a fuzzer: the same ones in every test, or others for as long as `AVIARY_FUZZ_SECONDS` says.
package enum Fuzzing {
    /// Calls `body` with a seed and its random numbers, again and again; gives the time of the slowest round.
    ///
    /// A body that finds something tells the seed: with `AVIARY_FUZZ_SEED` that round is the only one.
    @discardableResult
    package static func rounds(
        _ count: Int, from first: UInt64, _ body: (UInt64, inout SeededRandom) throws -> Void
    ) rethrows -> Duration {
        let clock = ContinuousClock()
        let start = clock.now
        var slowest = Duration.zero
        func round(_ seed: UInt64) throws {
            var random = SeededRandom(seed)
            let before = clock.now
            try body(seed, &random)
            slowest = max(slowest, clock.now - before)
        }
        if let seed = number("AVIARY_FUZZ_SEED") {
            try round(seed)
        } else if let seconds = number("AVIARY_FUZZ_SECONDS") {
            var seed = UInt64.random(in: 0...UInt64.max / 2)
            while clock.now - start < .seconds(Int64(seconds)) {
                try round(seed)
                seed += 1
            }
        } else {
            for index in 0..<UInt64(count) { try round(first &* 1_000_003 &+ index) }
        }
        return slowest
    }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
