import Foundation

/// Rounds of a fuzzer: the same ones in every test, or others for as long as `AVIARY_FUZZ_SECONDS` says.
package enum Fuzzing {
    /// The seeds of all rounds, each of which has random numbers of its own.
    ///
    /// Whoever finds something tells the seed: with `AVIARY_FUZZ_SEED` that round is the only one.
    package static func seeds(_ count: Int, from first: UInt64) -> some Sequence<UInt64> {
        let only = number("AVIARY_FUZZ_SEED")
        let seconds = number("AVIARY_FUZZ_SECONDS")
        let isEndless = only == nil && seconds != nil
        let begin = only ?? (isEndless ? UInt64.random(in: 0...UInt64.max / 2) : first &* 1_000_003)
        let end = ContinuousClock.now + .seconds(Int64(seconds ?? 0))
        let roundCount = only == nil ? UInt64(count) : 1
        return sequence(first: begin) { $0 + 1 }
            .lazy.prefix { isEndless ? ContinuousClock.now < end : $0 < begin + roundCount }
    }

    /// Calls `body` with a seed and its random numbers, again and again; gives the time of the slowest round.
    package static func rounds(
        _ count: Int, from first: UInt64, _ body: (UInt64, inout SeededRandom) throws -> Void
    ) rethrows -> Duration {
        let clock = ContinuousClock()
        var slowest = Duration.zero
        for seed in seeds(count, from: first) {
            var random = SeededRandom(seed)
            let start = clock.now
            try body(seed, &random)
            slowest = max(slowest, clock.now - start)
        }
        return slowest
    }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
