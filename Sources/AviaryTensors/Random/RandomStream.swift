import AviaryKernels

/// Random numbers as a function of where they are drawn: the same for any number of threads or workers.
///
/// A stream is named by the run's seed, what it is for, and up to three counters (epoch and sample, or step and
/// micro-step); within a stream the draws are numbered. Nothing else is kept, so that a checkpoint needs the
/// seed and the counters alone.
///
/// Source: Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3", Philox 4x32-10.
public struct RandomStream: Sendable, RandomNumberGenerator {
    private let key: (UInt32, UInt32)
    private let counter: (UInt32, UInt32, UInt32)
    private var draw: UInt32 = 0
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
        let block = philox((draw, counter.0, counter.1, counter.2), key)
        draw += 1
        waiting = UInt64(block.2) | UInt64(block.3) << 32
        return UInt64(block.0) | UInt64(block.1) << 32
    }

    /// Evenly spread in [0, 1), 53 bits.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// FNV-1a over the name's UTF-8, 64 bits.
    private static func hash(_ name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// What a kernel computes this stream's blocks from: the key, and the counter's words above the block's number.
    var origin: (key: (UInt32, UInt32), counter: (UInt32, UInt32, UInt32)) { (key, counter) }
}

extension RandomStream {
    /// The numbers `0..<count` in random order (Fisher and Yates).
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        order.shuffle(using: &self)
        return order
    }

    /// A tensor of single-precision numbers spread evenly in [-bound, bound).
    public mutating func uniformTensor(_ shape: [Int], bound: Double) -> Tensor {
        Tensor((0..<shape.product).map { _ in Float((2 * uniform() - 1) * bound) }, shape: shape)
    }

    /// A tensor of single-precision normal numbers with mean 0 (Box and Muller 1958).
    public mutating func normalTensor(_ shape: [Int], deviation: Double) -> Tensor {
        Tensor((0..<shape.product).map { _ in Float(normal() * deviation) }, shape: shape)
    }

    /// A standard normal number.
    public mutating func normal() -> Double {
        let radius = (-2 * logarithm(1 - uniform())).squareRoot()
        return radius * cosine(2 * .pi * uniform())
    }
}
