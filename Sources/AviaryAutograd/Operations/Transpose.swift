import AviaryTensors

extension Variable {
    /// Rows and columns of a matrix exchanged.
    public var transposed: Variable { permuted([1, 0]) }

    /// The axes in another order: axis `i` of the result is axis `axes[i]` of this variable.
    public func permuted(_ axes: [Int]) -> Variable {
        var back = axes
        for (position, axis) in axes.enumerated() where back.indices.contains(axis) { back[axis] = position }
        let inverse = back
        return pass.record(tensor.permuted(axes), from: [self]) { [$0.permuted(inverse)] }
    }
}
