import AviaryKernels

extension Tensor {
    /// The sum over all axes along which `shape` is shorter: what a broadcast does, backwards.
    ///
    /// An operation that broadcasts gives each operand its gradient in the operand's own shape by it.
    public func summed(to shape: [Int]) -> Tensor {
        guard shape != self.shape else { return self }
        guard broadcastShape(shape, self.shape) == self.shape else { shapeMistake("sum", self.shape, shape) }
        if let sums = summedAlongRows(to: shape) { return sums }
        func sum<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            let source = plain
            var totals = [Double](repeating: 0, count: shape.product)
            source.read(T.self) { values in
                eachIndex(of: self.shape, self.shape, shape) { i, j in totals[j] += Double(values[i]) }
            }
            return Tensor(totals.map { T($0) }, shape: shape)
        }
        return switch dtype {
        case .f32: sum(Float.self)
        case .f64: sum(Double.self)
        case .bf16, .f16: widened.summed(to: shape).cast(to: dtype)
        default: dtypeMistake("sum", dtype, supported: DType.reals)
        }
    }

    /// The index of the greatest element of each row of `[rows, columns]`; the first of equals.
    public var argmaxOfRows: [Int] {
        guard shape.count == 2 else { shapeMistake("argmax", shape, "[rows, columns]") }
        let values = cast(to: .f64).values(as: Double.self)
        return (0..<shape[0]).map { row in
            let start = row * shape[1]
            return (1..<max(1, shape[1])).reduce(0) { values[start + $1] > values[start + $0] ? $1 : $0 }
        }
    }

    /// The sum of the squares of all elements.
    package var sumOfSquares: Double { Tensor.sumOfSquares(of: [self]) }

    /// The sum of the squares of all elements of all tensors, f32 and f64.
    ///
    /// In double precision, in an order that depends on their shapes alone; over f32 in one pass, on all threads.
    package static func sumOfSquares(of tensors: [Tensor]) -> Double {
        for tensor in tensors where tensor.dtype != .f32 && tensor.dtype != .f64 {
            dtypeMistake("sum of squares", tensor.dtype, supported: [.f32, .f64])
        }
        let single = tensors.filter { $0.dtype == .f32 }.map(\.plain)
        // Their owners are held until the sum is made.
        let total = withExtendedLifetime(single) {
            AviaryKernels.sumOfSquares(
                of: single.map { tensor in
                    tensor.read(Float.self) { UnsafeBufferPointer(start: $0, count: tensor.count) }
                })
        }
        return tensors.filter { $0.dtype == .f64 }
            .reduce(total) { $1.values(as: Double.self).reduce($0) { $0 + $1 * $1 } }
    }
}
