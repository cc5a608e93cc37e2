import AviaryKernels

extension Tensor {
    /// The sum along some axes, which go away or stay with an extent of 1; a negative axis counts from the back.
    ///
    /// Of no elements it is 0. Reals are added up in double precision and rounded once.
    ///
    /// - Returns: This tensor's kind; of whole numbers and truth values, of which true is 1, int64, which wraps around.
    public func sum(over axes: [Int], keepsAxes: Bool = false) -> Tensor {
        let reduced = ReducedAxes(axes, of: self, keepsAxes: keepsAxes, "sum")
        let sums = dtype.isReal ? summed(to: reduced.broadcastResult) : wholeSums(to: reduced.broadcastResult)
        return sums.reshaped(reduced.result)
    }

    /// The sum over all axes along which `shape` is shorter: what a broadcast does, backwards.
    ///
    /// An operation that broadcasts gives each operand its gradient in the operand's own shape by it. Sums are kept in
    /// double precision and rounded once, to this tensor's own kind, or to the kind that is asked for.
    public func summed(to shape: [Int], output kind: DType? = nil) -> Tensor {
        let kind = kind ?? dtype
        guard shape != self.shape else { return cast(to: kind) }
        guard broadcastShape(shape, self.shape) == self.shape else { shapeMistake("sum", self.shape, shape) }
        guard dtype.isReal else { dtypeMistake("sum", dtype, supported: DType.reals) }
        if dtype == .f16 { return widened.summed(to: shape).cast(to: kind) }
        var steps = sumSteps(from: self.shape, to: shape)
        guard let first = steps.popLast() else { return reshaped(shape).cast(to: kind) }
        var sums = axisSums(first)
        while let step = steps.popLast() {
            var further = [Double](repeating: 0, count: step.sumCount)
            AxisSums.plain(step, source: sums, sums: &further)
            sums = further
        }
        return kind == .f64
            ? Tensor(sums, shape: shape) : Tensor(sums.map { Float($0) }, shape: shape).cast(to: kind)
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

    /// The sums over all axes along which `target` has an extent of 1, in int64.
    private func wholeSums(to target: [Int]) -> Tensor {
        let source = cast(to: .int64).plain
        return Tensor(shape: target, of: Int64.self) { sums in
            sums.update(repeating: 0, count: target.product)
            source.read(Int64.self) { values in
                eachIndex(of: source.shape, source.shape, target) { sums[$1] &+= values[$0] }
            }
        }
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
