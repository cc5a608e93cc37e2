extension Tensor {
    /// This tensor with each element of `source` put where its index along the axis says; of several the last.
    package func scattered(axis: Int, indices: Tensor, source: Tensor) -> Tensor {
        guard source.shape == indices.shape else { shapeMistake("scatter", source.shape, indices.shape) }
        guard source.dtype == dtype else {
            dtypeMistake("scatter to \(dtype)", source.dtype, supported: [dtype])
        }
        let walk = IndexWalk("scatter", shape, indices, axis: self.axis(axis, "scatter"))
        func scatter<Word: BitwiseCopyable>(_ word: Word.Type) -> Tensor {
            let (target, given) = (plain, source.plain)
            return Tensor(shape: shape, dtype: dtype, as: word) { output in
                target.lend(as: word) { output.update(from: $0, count: target.count) }
                given.lend(as: word) { values in walk.run { output[$1] = values[$0] } }
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
