import AviaryTensors

extension Variable {
    /// The sum of the elements up to each along an axis; a negative axis counts from the back.
    public func cumulativeSum(axis: Int) -> Variable {
        pass.record(tensor.cumulativeSum(axis: axis), from: [self]) {
            [$0.cumulativeSum(axis: axis, fromTheEnd: true)]
        }
    }
}
