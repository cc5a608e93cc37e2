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

    /// NaN stays NaN: both comparisons are false.
    private func clamped(from low: Double, through high: Double) -> Variable {
        // The bounds as the elements hold them: one that equals a bound lies on it, and keeps its gradient.
        let isDouble = tensor.dtype == .f64
        let (low, high) = isDouble ? (low, high) : (Double(Float(low)), Double(Float(high)))
        return mapped(
            "clamp", { $0 < low ? low : $0 > high ? high : $0 }, slope: { $0 >= low && $0 <= high ? 1 : 0 })
    }
}
