/// Dropout as a function of an element's place: backward asks again, nothing is kept.
///
/// Element `i` takes word `firstWord + i` of a random stream, 32 bits each; a block of Philox has four.
package struct ElementDropout: Sendable {
    package var key: (UInt32, UInt32)
    /// The upper words of the stream's counter; the first counts its blocks.
    package var counter: (UInt32, UInt32, UInt32)
    package var firstWord: Int
    package var probability: Double

    package init(
        key: (UInt32, UInt32), counter: (UInt32, UInt32, UInt32), firstWord: Int, probability: Double
    ) {
        self.key = key
        self.counter = counter
        self.firstWord = firstWord
        self.probability = probability
    }

    /// An element is dropped if its word is below this, to 2⁻³² of the share that was asked for.
    var threshold: UInt32 { UInt32(clamping: Int64(probability * 0x1p32)) }
    /// What the others are multiplied by; 0 where all are dropped.
    var kept: Double { probability < 1 ? 1 / (1 - probability) : 0 }

    /// What an element is multiplied by.
    package func factor(at element: Int) -> Double { factor(word: firstWord + element) }

    /// What an element of attention's probabilities is multiplied by, in a row counted through all heads.
    ///
    /// A row takes `⌈keys / 4⌉` blocks of the stream, one for each four keys, in the order of the rows; the first one is
    /// the first whole block that there is.
    package func factor(row: Int, key place: Int, of keys: Int) -> Double {
        let block = (firstWord + 3) / 4 + row * ((keys + 3) / 4)
        return factor(word: 4 * block + place)
    }

    private func factor(word index: Int) -> Double {
        let block = UInt32(truncatingIfNeeded: index / 4)
        let words = philox((block, counter.0, counter.1, counter.2), key)
        let word = [words.0, words.1, words.2, words.3][index % 4]
        return word < threshold ? 0 : kept
    }
}
