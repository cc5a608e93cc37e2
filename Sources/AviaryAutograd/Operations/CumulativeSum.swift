import AviaryTensors

extension Variable {
    /// The sum of the elements up to each along an axis; a negative axis counts from the back.
    public func cumulativeSum(axis: Int) -> Variable {
        arithmetic("cumulative sum", takes: DType.allCases) { x in
            x.pass.record(x.tensor.cumulativeSum(axis: axis), from: [x]) {
                [$0.cumulativeSum(axis: axis, fromTheEnd: true)]
            }
        }
    }
}
