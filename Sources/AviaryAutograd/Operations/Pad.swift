import AviaryTensors

extension Variable {
    /// So many elements of `value` before and after along each axis.
    public func padded(_ padding: [(before: Int, after: Int)], value: Double = 0) -> Variable {
        let inside = zip(shape, padding).map { AxisRange.range($1.before..<$1.before + $0) }
        return pass.record(tensor.padded(padding, value: value), from: [self]) { [$0.sliced(inside)] }
    }
}
