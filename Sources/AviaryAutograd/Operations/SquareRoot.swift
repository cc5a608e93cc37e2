import AviaryTensors

extension Variable {
    /// The square root of each element; the slope at 0 is infinite.
    public var squareRoot: Variable {
        mapped("square root", { $0.squareRoot() }, slope: { 0.5 / $0.squareRoot() })
    }

    /// One divided by the square root of each element.
    public var reciprocalSquareRoot: Variable {
        mapped(
            "reciprocal square root", { 1 / $0.squareRoot() }, slope: { -0.5 / ($0 * $0.squareRoot()) })
    }
}
