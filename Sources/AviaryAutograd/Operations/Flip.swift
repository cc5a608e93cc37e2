import AviaryTensors

extension Variable {
    /// The elements in opposite order along some axes.
    public func flipped(_ axes: [Int]) -> Variable {
        pass.record(tensor.flipped(axes), from: [self]) { [$0.flipped(axes)] }
    }
}
