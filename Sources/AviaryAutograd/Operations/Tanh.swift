import AviaryTensors

extension Variable {
    /// The hyperbolic tangent of each element.
    public var tanh: Variable { applying(.tanh) }
}
