extension Tensor {
    /// This tensor's element where `mask` (uint8) is not 0, else that of `other`; all three broadcast.
    package func selected(where mask: Tensor, else other: Tensor) -> Tensor {
        guard mask.dtype == .uint8 else { dtypeMistake("where by a mask", mask.dtype, supported: [.uint8]) }
        guard other.dtype == dtype else {
            dtypeMistake("where with \(dtype)", other.dtype, supported: [dtype])
        }
        guard let both = broadcastShape(shape, other.shape) else { shapeMistake("where", shape, other.shape) }
        guard let target = broadcastShape(both, mask.shape) else { shapeMistake("where", mask.shape, both) }
        let chosen = mask.plain.broadcast(to: target)
        let (left, right) = (plain.broadcast(to: target), other.plain.broadcast(to: target))
        func select<T: TensorElement>(_ type: T.Type) -> Tensor {
            Tensor(shape: target, of: T.self) { output in
                chosen.read(UInt8.self) { mask in
                    left.read(T.self) { a in
                        right.read(T.self) { b in
                            for i in 0..<target.product { output[i] = mask[i] != 0 ? a[i] : b[i] }
                        }
                    }
                }
            }
        }
        return switch dtype {
        case .f32: select(Float.self)
        case .f64: select(Double.self)
        case .int64: select(Int64.self)
        case .uint8: select(UInt8.self)
        }
    }
}
