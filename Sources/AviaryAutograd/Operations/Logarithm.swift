import AviaryTensors

extension Variable {
    /// The natural logarithm of each element.
    public var logarithm: Variable { applying(.logarithm) }
}
