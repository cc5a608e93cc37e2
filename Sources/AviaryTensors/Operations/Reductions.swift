import AviaryKernels

extension Tensor {
    /// The sum over all axes along which `shape` is shorter: what a broadcast does, backwards.
    ///
    /// An operation that broadcasts gives each operand its gradient in the operand's own shape by it. Sums are kept in
    /// double precision and rounded once.
    public func summed(to shape: [Int]) -> Tensor {
        guard shape != self.shape else { return self }
        guard broadcastShape(shape, self.shape) == self.shape else { shapeMistake("sum", self.shape, shape) }
        guard dtype.isReal else { dtypeMistake("sum", dtype, supported: DType.reals) }
        if dtype == .f16 { return widened.summed(to: shape).cast(to: dtype) }
        var steps = sumSteps(from: self.shape, to: shape)
        guard let first = steps.popLast() else { return reshaped(shape) }
        var sums = axisSums(first)
        while let step = steps.popLast() {
            var further = [Double](repeating: 0, count: step.sumCount)
            AxisSums.plain(step, source: sums, sums: &further)
            sums = further
        }
        return dtype == .f64
            ? Tensor(sums, shape: shape) : Tensor(sums.map { Float($0) }, shape: shape).cast(to: dtype)
    }

    /// The sums along one axis of this tensor as `[outer, reduced, inner]`.
    private func axisSums(_ step: AxisSumShape) -> [Double] {
        let source = plain
        return [Double](unsafeUninitializedCapacity: step.sumCount) { sums, count in
            count = step.sumCount
            guard let start = sums.baseAddress else { return }
            if let kind = dtype.native {
                source.readBytes { AxisSums.fast(step, kind, source: $0, sums: start) }
            } else {
                source.read(Double.self) { AxisSums.plain(step, source: $0, sums: start) }
            }
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

/// The sums that lead from one shape to a shorter one, where neighbouring axes that go away are one.
///
/// They are done from the last to the first: behind its axis a step finds only what stays.
private func sumSteps(from shape: [Int], to target: [Int]) -> [AxisSumShape] {
    let kept = [Int](repeating: 1, count: shape.count - target.count) + target
    var steps: [AxisSumShape] = []
    var before = 1
    var continues = false
    for (axis, extent) in shape.enumerated() {
        if kept[axis] == extent {
            for step in steps.indices { steps[step].inner *= extent }
            continues = continues && extent == 1
        } else if continues {
            steps[steps.count - 1].reduced *= extent
        } else {
            steps.append(AxisSumShape(outer: before, reduced: extent, inner: 1))
            continues = true
        }
        before *= extent
    }
    return steps
}
