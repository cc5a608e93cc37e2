import AviaryKernels

extension Tensor {
    /// The sum, element by element; shapes are broadcast as NumPy does.
    ///
    /// Whole numbers wrap around, here and in `subtracting` and `multiplying`.
    public func adding(_ other: Tensor) -> Tensor { combined(.add, with: other, named: "add") }

    /// The difference, element by element, broadcast.
    public func subtracting(_ other: Tensor) -> Tensor {
        combined(.subtract, with: other, named: "subtract")
    }

    /// The product, element by element, broadcast.
    public func multiplying(_ other: Tensor) -> Tensor {
        combined(.multiply, with: other, named: "multiply")
    }

    /// The quotient, element by element, broadcast.
    public func dividing(_ other: Tensor) -> Tensor { combined(.divide, with: other, named: "divide") }

    private func combined(
        _ operation: Elementwise.Operation, with other: Tensor, named name: String
    ) -> Tensor {
        guard dtype == other.dtype else {
            dtypeMistake("\(name) with \(dtype)", other.dtype, supported: [dtype])
        }
        switch dtype {
        case .f16: return widened.combined(operation, with: other.widened, named: name).cast(to: dtype)
        case .f32, .bf16: return combinedNatively(operation, other, name)
        case .f64:
            let function: (Double, Double) -> Double =
                switch operation {
                case .add: { $0 + $1 }
                case .subtract: { $0 - $1 }
                case .multiply: { $0 * $1 }
                case .divide: { $0 / $1 }
                }
            return broadcast(with: other, name, function)
        case .int64: return combinedWhole(operation, other, name, Int64.self)
        case .int32: return combinedWhole(operation, other, name, Int32.self)
        case .int8: return combinedWhole(operation, other, name, Int8.self)
        case .uint8: return combinedWhole(operation, other, name, UInt8.self)
        case .bool:
            dtypeMistake(name, dtype, supported: operation == .divide ? DType.reals : DType.numbers)
        }
    }

    /// Whole numbers, which wrap around; a quotient of them would be none.
    private func combinedWhole<T: TensorElement & FixedWidthInteger>(
        _ operation: Elementwise.Operation, _ other: Tensor, _ name: String, _ type: T.Type
    ) -> Tensor {
        switch operation {
        case .add: return broadcast(with: other, name) { (a: T, b: T) in a &+ b }
        case .subtract: return broadcast(with: other, name) { (a: T, b: T) in a &- b }
        case .multiply: return broadcast(with: other, name) { (a: T, b: T) in a &* b }
        default: dtypeMistake(name, dtype, supported: DType.reals)
        }
    }

    /// By the loops in C, on numbers as they lie.
    private func combinedNatively(
        _ operation: Elementwise.Operation, _ other: Tensor, _ name: String
    ) -> Tensor {
        // A quotient would fill the zeros of a last channel block with NaN.
        if operation == .divide, layout != .plain { return plain.combinedNatively(operation, other, name) }
        guard shape != other.shape else {
            return combined(
                operation, other.reordered(to: layout), PairShape(count: elementCountInMemory), shape, layout)
        }
        guard let shape = broadcastShape(self.shape, other.shape) else {
            shapeMistake(name, self.shape, other.shape)
        }
        let pairs = PairShape(
            shape, leftSteps: broadcastStrides(self.shape, to: shape),
            rightSteps: broadcastStrides(other.shape, to: shape))
        return plain.combined(operation, other.plain, pairs, shape, .plain)
    }

    private func combined(
        _ operation: Elementwise.Operation, _ other: Tensor, _ pairs: PairShape, _ shape: [Int],
        _ layout: Layout
    ) -> Tensor {
        guard let kind = dtype.native else { dtypeMistake("combine", dtype, supported: [.f32, .bf16]) }
        return Tensor(shape: shape, dtype: dtype, layout: layout) { output in
            guard shape.product > 0 else { return }
            readBytes { left in
                other.readBytes { Elementwise.run(operation, kind, pairs, left, $0, into: output) }
            }
        }
    }

    private func broadcast<T: TensorElement>(
        with other: Tensor, _ name: String, _ function: (T, T) -> T
    ) -> Tensor {
        guard let shape = broadcastShape(self.shape, other.shape) else {
            shapeMistake(name, self.shape, other.shape)
        }
        let (left, right) = (plain, other.plain)
        return Tensor(shape: shape, of: T.self) { output in
            left.read(T.self) { a in
                right.read(T.self) { b in
                    var offset = 0
                    eachIndex(of: shape, left.shape, right.shape) { i, j in
                        output[offset] = function(a[i], b[j])
                        offset += 1
                    }
                }
            }
        }
    }

    /// Applies a function of one element to each, on the thread pool; two bytes are computed in `f32`.
    ///
    /// - Parameters:
    ///   - name: What a message calls the operation where the elements are not reals.
    ///   - single: The function in single precision.
    ///   - double: The same in double precision.
    /// - Returns: The shape and kind of this tensor.
    public func mapped(
        _ name: String, _ single: @Sendable (Float) -> Float, _ double: @Sendable (Double) -> Double
    ) -> Tensor {
        func apply<T: TensorElement>(_ function: (T) -> T) -> Tensor {
            let source = plain
            return Tensor(shape: shape, of: T.self) { output in
                source.read(T.self) { values in
                    // A logarithm, say, costs some ten times as much as adding two numbers.
                    Parallel.run(source.count, grain: Parallel.elementGrain / 8) {
                        for i in $0 { output[i] = function(values[i]) }
                    }
                }
            }
        }
        return switch dtype {
        case .f32: apply(single)
        case .f64: apply(double)
        case .bf16, .f16: widened.mapped(name, single, double).cast(to: dtype)
        default: dtypeMistake(name, dtype, supported: DType.reals)
        }
    }

    /// Every element times `factor`, in the same layout.
    public func scaled(by factor: Double) -> Tensor {
        guard let kind = dtype.native else { return mapped("scale", { $0 * Float(factor) }, { $0 * factor }) }
        return Tensor(shape: shape, dtype: dtype, layout: layout) { output in
            readBytes {
                Elementwise.scale($0, kind, by: Float(factor), into: output, count: elementCountInMemory)
            }
        }
    }

    /// Multiplies every element by `factor` where it lies: for a tensor that nobody else has.
    package mutating func scale(by factor: Double) {
        switch dtype {
        case .f32:
            let address = uniqueAddress(Float.self)
            Elementwise.scale(address, .f32, by: Float(factor), into: address, count: count)
        case .f64:
            let address = uniqueAddress(Double.self)
            for i in 0..<count { address[i] *= factor }
        default: dtypeMistake("scale in place", dtype, supported: [.f32, .f64])
        }
        withExtendedLifetime(self) {}
    }
}

/// The shape that both broadcast to: axes are matched from the right, an extent of 1 stretches; `nil` if none.
package func broadcastShape(_ left: [Int], _ right: [Int]) -> [Int]? {
    let rank = max(left.count, right.count)
    var shape = [Int](repeating: 1, count: rank)
    for axis in 1...max(1, rank) where axis <= rank {
        let a = axis <= left.count ? left[left.count - axis] : 1
        let b = axis <= right.count ? right[right.count - axis] : 1
        guard a == b || a == 1 || b == 1 else { return nil }
        shape[rank - axis] = a == 1 ? b : a
    }
    return shape
}

/// Visits the elements of `shape` row-major with their offsets in two tensors that broadcast to it.
package func eachIndex(of shape: [Int], _ left: [Int], _ right: [Int], _ body: (Int, Int) -> Void) {
    eachOffset(of: shape, broadcastStrides(left, to: shape), broadcastStrides(right, to: shape), body)
}

/// The stride of each axis of `target`, 0 where `shape` is stretched.
private func broadcastStrides(_ shape: [Int], to target: [Int]) -> [Int] {
    var strides = [Int](repeating: 0, count: target.count)
    var stride = 1
    for axis in (0..<shape.count).reversed() {
        if shape[axis] != 1 { strides[target.count - shape.count + axis] = stride }
        stride *= shape[axis]
    }
    return strides
}
