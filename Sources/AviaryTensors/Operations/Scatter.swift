extension Tensor {
    /// This tensor with each element of `source` put where its index along the axis says; of several the last.
    package func scattered(axis: Int, indices: Tensor, source: Tensor) -> Tensor {
        guard source.shape == indices.shape else { shapeMistake("scatter", source.shape, indices.shape) }
        guard source.dtype == dtype else {
            dtypeMistake("scatter to \(dtype)", source.dtype, supported: [dtype])
        }
        let walk = IndexWalk("scatter", shape, indices, axis: self.axis(axis, "scatter"))
        func scatter<Word: UnsignedInteger>(_ word: Word.Type) -> Tensor {
            let (target, given) = (plain, source.plain)
            return Tensor(shape: shape, dtype: dtype, words: word) { output in
                target.readWords(word) { output.update(from: $0, count: target.count) }
                given.readWords(word) { values in walk.run { output[$1] = values[$0] } }
            }
        }
        return switch dtype.byteCount {
        case 8: scatter(UInt64.self)
        case 4: scatter(UInt32.self)
        case 2: scatter(UInt16.self)
        default: scatter(UInt8.self)
        }
    }
}
