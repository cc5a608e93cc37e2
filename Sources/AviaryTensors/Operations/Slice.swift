/// What a slice takes along one axis.
public enum AxisRange: Sendable, Hashable {
    /// Everything.
    case all
    /// Every `step`-th element of a range, its first included.
    case range(Range<Int>, step: Int = 1)
}

extension Tensor {
    /// A part along each axis, a view; axes without a range are taken whole.
    package func sliced(_ ranges: [AxisRange]) -> Tensor {
        let (source, placement) = located
        let part = Part(of: shape, at: placement, ranges)
        return source.view(part.shape, at: Placement(start: part.start, steps: part.steps))
    }

    /// A part along one axis.
    package func sliced(_ range: Range<Int>, along axis: Int) -> Tensor {
        sliced([AxisRange](repeating: .all, count: axis) + [.range(range)])
    }

    /// The gradient by a tensor of `shape` whose slice had this gradient: zeros around it.
    package func sliceGradient(shape: [Int], _ ranges: [AxisRange]) -> Tensor {
        let part = Part(of: shape, at: Placement(steps: shape.rowMajorSteps), ranges)
        return placed(in: shape, start: part.start, steps: part.steps)
    }
}

/// The shape of a slice and where it lies in the whole.
private struct Part {
    var shape: [Int]
    var start: Int
    var steps: [Int]

    init(of whole: [Int], at placement: Placement, _ ranges: [AxisRange]) {
        guard ranges.count <= whole.count else {
            shapeMistake("slice", whole, "a tensor of \(ranges.count) axes or more")
        }
        shape = whole
        start = placement.start
        steps = placement.steps
        for (axis, slice) in ranges.enumerated() {
            guard case .range(let range, let step) = slice else { continue }
            guard range.lowerBound >= 0, range.upperBound <= whole[axis], step > 0 else {
                let wanted = step == 1 ? "\(range)" : "\(range) by \(step)"
                shapeMistake("slice", whole, "a tensor that has \(wanted) along axis \(axis)")
            }
            start += range.lowerBound * steps[axis]
            shape[axis] = (range.count + step - 1) / step
            steps[axis] *= step
        }
    }
}
