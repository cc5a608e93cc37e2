extension Tensor {
    /// This tensor's element where `mask` (bool, or uint8 of which 0 is false) is not 0, else that of `other`; all three broadcast.
    package func selected(where mask: Tensor, else other: Tensor) -> Tensor {
        guard mask.dtype.isMask else {
            dtypeMistake("where by a mask", mask.dtype, supported: [.bool, .uint8])
        }
        guard other.dtype == dtype else {
            dtypeMistake("where with \(dtype)", other.dtype, supported: [dtype])
        }
        guard let both = broadcastShape(shape, other.shape) else { shapeMistake("where", shape, other.shape) }
        guard let target = broadcastShape(both, mask.shape) else { shapeMistake("where", mask.shape, both) }
        let chosen = mask.broadcast(to: target)
        let left = broadcast(to: target).plain
        let right = other.broadcast(to: target).plain
        func select<Word: BitwiseCopyable>(_ word: Word.Type) -> Tensor {
            Tensor(shape: target, dtype: dtype, as: word) { output in
                chosen.lend(as: UInt8.self) { mask in
                    left.lend(as: word) { a in
                        right.lend(as: word) { b in
                            for i in 0..<target.product { output[i] = mask[i] != 0 ? a[i] : b[i] }
                        }
                    }
                }
            }
        }
        return switch dtype.byteCount {
        case 8: select(UInt64.self)
        case 4: select(UInt32.self)
        case 2: select(UInt16.self)
        default: select(UInt8.self)
        }
    }
}
