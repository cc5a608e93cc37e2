import AviaryTensors

extension Variable {
    /// Each element without its sign; the slope at 0 is 0.
    public var absolute: Variable { applying(.absolute) }
}
