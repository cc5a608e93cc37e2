import AviaryTensors

extension Variable {
    /// `e` to the power of each element.
    public var exponential: Variable { applying(.exponential) }
}
