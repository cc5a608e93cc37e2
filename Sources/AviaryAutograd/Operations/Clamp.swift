import AviaryTensors

extension Variable {
    /// Each element brought into a range; those at its ends keep their gradient, those outside have none.
    public func clamped(to range: ClosedRange<Double>) -> Variable {
        clamped(from: range.lowerBound, through: range.upperBound)
    }

    /// Each element, or the bound where it is below.
    public func clamped(to range: PartialRangeFrom<Double>) -> Variable {
        clamped(from: range.lowerBound, through: .infinity)
    }

    /// Each element, or the bound where it is above.
    public func clamped(to range: PartialRangeThrough<Double>) -> Variable {
        clamped(from: -.infinity, through: range.upperBound)
    }

    /// NaN stays NaN.
    private func clamped(from low: Double, through high: Double) -> Variable {
        // The kernels hold the bounds as they hold the elements: one that equals a bound lies on it, and keeps its
        // gradient.
        applying(.clamp(from: low, through: high))
    }
}
