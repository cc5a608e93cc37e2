public import AviaryTensors

extension Variable {
    /// Each element of `source` put in the place that its index along the axis names.
    ///
    /// Where several name one place, the last is there; all of them get its gradient, as in PyTorch.
    ///
    /// - Parameters:
    ///   - axis: A negative one counts from the back.
    ///   - indices: int64 or int32, of this rank; along the other axes no longer than this variable.
    ///   - source: This variable's kind of element; at least the extents of `indices`, and what is beyond them is not read.
    /// - Returns: The shape of this variable.
    public func scatter(axis: Int, indices: Tensor, source: Variable) -> Variable {
        let source = source.leading(indices.shape)
        let output = tensor.scattered(axis: axis, indices: indices, source: source.tensor)
        let (selfNeeds, sourceNeeds) = (needsGradient, source.needsGradient)
        return pass.record(output, from: [self, source]) { upstream in
            let zeros = Tensor.zeros(indices.shape, dtype: upstream.dtype)
            return [
                selfNeeds ? upstream.scattered(axis: axis, indices: indices, source: zeros) : nil,
                sourceNeeds ? upstream.gathered(axis: axis, indices: indices) : nil,
            ]
        }
    }
}
