import CAviaryKernels

/// Dropout of a tensor whose element `i`, in row-major order, takes draw `first + i` of a random stream.
///
/// A mask is a function of the place, so that the way back asks for it again instead of keeping it.
package struct ElementDropout: Sendable {
    /// The stream's key, and its counter's words above the number of the block.
    package var key: (UInt32, UInt32)
    package var counter: (UInt32, UInt32, UInt32)
    /// The draw of the first element.
    package var first: Int
    package var probability: Double

    package init(
        key: (UInt32, UInt32), counter: (UInt32, UInt32, UInt32), first: Int, probability: Double
    ) {
        self.key = key
        self.counter = counter
        self.first = first
        self.probability = probability
    }

    /// What an element that is not dropped is multiplied by; 0 where every one is.
    var kept: Double { probability < 1 ? 1 / (1 - probability) : 0 }

    /// What element `i` is multiplied by, as the definition reads: 0 where a number that is spread evenly in [0, 1), of
    /// the draw's upper 53 bits, lies below the probability.
    package func factor(_ i: Int) -> Double {
        let (block, place) = (first + i).quotientAndRemainder(dividingBy: 2)
        let words = philox((UInt32(block), counter.0, counter.1, counter.2), key)
        let (low, high) = place == 0 ? (words.0, words.1) : (words.2, words.3)
        let uniform = Double((UInt64(low) | UInt64(high) << 32) >> 11) * 0x1p-53
        return uniform < probability ? 0 : kept
    }

    /// The same as loops in C want it.
    ///
    /// A draw's 53 bits are below the probability where they are below this multiple
    /// of 2⁻⁵³, rounded up, and so for its 64 bits with the lower ones as zeros.
    var arguments: aviary_dropout {
        let bound = probability < 1 ? UInt64((probability * 0x1p53).rounded(.up)) : 0
        return aviary_dropout(
            key: key, counter: counter, first_draw: UInt64(first), threshold: bound << 11,
            kept: Float(kept))
    }
}
