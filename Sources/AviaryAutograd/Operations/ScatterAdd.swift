public import AviaryTensors

extension Variable {
    /// Each element of `source` added to the one that its index along the axis names.
    ///
    /// - Parameters:
    ///   - axis: A negative one counts from the back.
    ///   - indices: int64 or int32, of this rank; along the other axes no longer than this variable.
    ///   - source: At least the extents of `indices`; what is beyond them is not read.
    /// - Returns: The shape of this variable.
    public func scatterAdd(axis: Int, indices: Tensor, source: Variable) -> Variable {
        arithmetic(
            "scatter add", with: source.leading(indices.shape), takes: DType.reals + DType.wholeNumbers
        ) {
            target, source in
            let output = target.tensor.scatterAdded(axis: axis, indices: indices, source: source.tensor)
            let sourceNeeds = source.needsGradient
            return target.pass.record(output, from: [target, source]) { upstream in
                [upstream, sourceNeeds ? upstream.gathered(axis: axis, indices: indices) : nil]
            }
        }
    }
}
