import AviaryKernels

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Random numbers as a function of where they are drawn: the same for any number of threads or workers.
///
/// A stream is named by the run's seed, what it is for, and up to three counters (epoch and sample, or step and
/// micro-step); within a stream the draws are numbered, and any of them can be had at once. Nothing else is kept, so
/// that a checkpoint needs the seed and the counters alone.
///
/// Source: Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3", Philox 4x32-10.
public struct RandomStream: Sendable, RandomNumberGenerator {
    private let key: (UInt32, UInt32)
    private let counter: (UInt32, UInt32, UInt32)
    /// The block of two draws that comes next, below 2³²; 2³² when all are drawn.
    private var block = 0
    private var waiting: UInt64?

    /// The stream `name` of the run with this seed, at the given counters.
    public init(seed: UInt64, name: String, _ first: UInt32 = 0, _ second: UInt32 = 0) {
        let mixed = seed ^ Self.hash(name)
        key = (UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
        counter = (first, second, UInt32(truncatingIfNeeded: Self.hash(name) >> 17))
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        if let waiting {
            self.waiting = nil
            return waiting
        }
        guard let number = UInt32(exactly: block) else {
            fatalError("random stream: all 2³³ draws are taken")
        }
        let words = philox((number, counter.0, counter.1, counter.2), key)
        block += 1
        waiting = UInt64(words.2) | UInt64(words.3) << 32
        return UInt64(words.0) | UInt64(words.1) << 32
    }

    /// How many times 64 bits have been drawn: the number of the next draw, below 2³³.
    public var position: Int { 2 * block - (waiting == nil ? 0 : 1) }

    /// Goes on, or back, to the draw of this number: what follows is what would follow after so many.
    public mutating func skip(to position: Int) {
        guard (0..<1 << 33).contains(position) else {
            fatalError("random stream: takes a draw below 2³³, given was \(position)")
        }
        block = position / 2
        waiting = nil
        if !position.isMultiple(of: 2) { _ = next() }
    }

    /// The same stream at the draw of this number.
    public func skipped(to position: Int) -> RandomStream {
        var copy = self
        copy.skip(to: position)
        return copy
    }

    /// Evenly spread in [0, 1), 53 bits: one draw.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A standard normal number (Box and Muller 1958): two draws.
    public mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }

    /// Draws a normal number of those between two bounds: one draw.
    ///
    /// - Parameters:
    ///   - mean: Of the normal distribution before it is cut.
    ///   - deviation: The same one's.
    ///   - bounds: Where it is cut; beyond 8 deviations there is nothing left to draw.
    /// - Returns: A number in `bounds`.
    ///
    /// Source: the inverse of the distribution function, as PyTorch's `trunc_normal_`.
    public mutating func truncatedNormal(
        mean: Double = 0, deviation: Double = 1, in bounds: ClosedRange<Double> = -2...2
    ) -> Double {
        let scale = deviation * 2.0.squareRoot()
        let low = erf((bounds.lowerBound - mean) / scale)
        let high = erf((bounds.upperBound - mean) / scale)
        guard low < high else {
            fatalError("truncated normal: nothing of mean \(mean), deviation \(deviation) lies in \(bounds)")
        }
        let value = mean + scale * inverseErrorFunction(low + uniform() * (high - low))
        return min(max(value, bounds.lowerBound), bounds.upperBound)
    }

    /// True with this probability: one draw.
    public mutating func bernoulli(_ probability: Double) -> Bool {
        uniform() < probability
    }

    /// One of `0..<bound`: one draw.
    ///
    /// That of a bound that is no power of two is uneven by `bound` in 2⁶⁴, which no experiment shows; in return
    /// every number takes one draw, so that the n-th can be had at once.
    public mutating func integer(below bound: Int) -> Int {
        guard bound > 0 else { fatalError("random integer: takes a bound above 0, given was \(bound)") }
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// The numbers `0..<count` in random order (Fisher and Yates).
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        order.shuffle(using: &self)
        return order
    }
}

extension RandomStream {
    /// FNV-1a over the name's UTF-8, 64 bits.
    private static func hash(_ name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// What a kernel computes this stream's blocks from: the key, and the counter's words above the block's number.
    var origin: (key: (UInt32, UInt32), counter: (UInt32, UInt32, UInt32)) { (key, counter) }
}
