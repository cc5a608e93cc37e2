public import AviaryTensors

extension Variable {
    /// A part along each axis; axes without a range are taken whole.
    public func sliced(_ ranges: [AxisRange]) -> Variable {
        let before = shape
        return pass.record(tensor.sliced(ranges), from: [self]) { [$0.sliceGradient(shape: before, ranges)] }
    }

    /// A part along one axis; a negative axis counts from the back.
    public func sliced(_ range: Range<Int>, along axis: Int, step: Int = 1) -> Variable {
        let axis = tensor.axis(axis, "slice")
        return sliced([AxisRange](repeating: .all, count: axis) + [.range(range, step: step)])
    }

    /// The first elements along each axis, as many as `extents` says, where there are that many.
    func leading(_ extents: [Int]) -> Variable {
        guard extents != shape, extents.count == shape.count, zip(extents, shape).allSatisfy(<=) else {
            return self
        }
        return sliced(extents.map { .range(0..<$0) })
    }
}
