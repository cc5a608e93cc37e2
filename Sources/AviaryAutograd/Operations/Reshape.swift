import AviaryTensors

extension Variable {
    /// The same elements under another shape of as many.
    public func reshaped(_ shape: [Int]) -> Variable {
        let before = self.shape
        return pass.record(tensor.reshaped(shape), from: [self]) { [$0.reshaped(before)] }
    }

    /// All axes but the first as one: `[N, …]` to `[N, rest]`.
    public var flattened: Variable {
        guard shape.count >= 1 else { shapeMistake("flatten", shape, "[N, …]") }
        return reshaped([shape[0], shape.dropFirst().reduce(1, *)])
    }
}
