import AviaryTensors

extension Variable {
    /// The square root of each element; the slope at 0 is infinite.
    public var squareRoot: Variable { applying(.squareRoot) }
}
