import AviaryTensors

extension Variable {
    /// One divided by the square root of each element.
    public var reciprocalSquareRoot: Variable { applying(.reciprocalSquareRoot) }
}
