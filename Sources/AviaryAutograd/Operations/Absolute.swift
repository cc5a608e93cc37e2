import AviaryTensors

extension Variable {
    /// Each element without its sign; the slope at 0 is 0.
    public var absolute: Variable {
        mapped("absolute", { abs($0) }, slope: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 })
    }
}
