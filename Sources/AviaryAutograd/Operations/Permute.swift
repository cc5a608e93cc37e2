import AviaryTensors

extension Variable {
    /// The axes in another order: axis `i` of the result is axis `axes[i]` of this variable, a negative one counted from
    /// the back.
    public func permuted(_ axes: [Int]) -> Variable {
        let axes = tensor.permutation(axes)
        var back = axes
        for (position, axis) in axes.enumerated() { back[axis] = position }
        let inverse = back
        return pass.record(tensor.permuted(axes), from: [self]) { [$0.permuted(inverse)] }
    }
}
