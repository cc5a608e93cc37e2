extension Tensor {
    /// So many elements of `value` before and after along each axis.
    package func padded(_ padding: [(before: Int, after: Int)], value: Double) -> Tensor {
        guard padding.count == shape.count, padding.allSatisfy({ $0.before >= 0 && $0.after >= 0 }) else {
            let widths = padding.map { "\($0.before)+\($0.after)" }.joined(separator: ", ")
            shapeMistake("pad by [\(widths)]", shape, "one pair of counts, 0 or more, for each axis")
        }
        let target = zip(shape, padding).map { $0 + $1.before + $1.after }
        let steps = target.rowMajorSteps
        let start = zip(padding, steps).reduce(0) { $0 + $1.0.before * $1.1 }
        return placed(in: target, start: start, steps: steps, over: value)
    }
}
