/// Dropout as a function of an element's place: backward asks again, nothing is kept.
///
/// Element `i` takes draw `firstDraw + i` of a random stream, 64 bits each; a block of Philox has two.
package struct ElementDropout: Sendable {
    package var key: (UInt32, UInt32)
    /// The upper words of the stream's counter; the first counts its blocks.
    package var counter: (UInt32, UInt32, UInt32)
    package var firstDraw: Int
    package var probability: Double

    package init(
        key: (UInt32, UInt32), counter: (UInt32, UInt32, UInt32), firstDraw: Int, probability: Double
    ) {
        self.key = key
        self.counter = counter
        self.firstDraw = firstDraw
        self.probability = probability
    }

    /// An element is dropped if its draw is below this: if the upper 53 bits, as a fraction, are below the
    /// probability.
    var threshold: UInt64 { probability < 1 ? UInt64((probability * 0x1p53).rounded(.up)) << 11 : .max }
    /// What the others are multiplied by; 0 where all are dropped.
    var kept: Double { probability < 1 ? 1 / (1 - probability) : 0 }

    /// What an element is multiplied by.
    package func factor(at element: Int) -> Double {
        let draw = firstDraw + element
        let block = UInt32(truncatingIfNeeded: draw / 2)
        let words = philox((block, counter.0, counter.1, counter.2), key)
        let (low, high) = draw.isMultiple(of: 2) ? (words.0, words.1) : (words.2, words.3)
        return UInt64(low) | UInt64(high) << 32 < threshold ? 0 : kept
    }
}
