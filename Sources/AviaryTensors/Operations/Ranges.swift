extension Tensor {
    /// Every `step`-th whole number of a range, its first included: PyTorch's `arange`.
    ///
    /// - Returns: `[count]`.
    public static func range(_ range: Range<Int>, by step: Int = 1, dtype: DType = .int64) -> Tensor {
        guard step > 0 else { fatalError("range: takes a step above 0, given was \(step)") }
        let numbers = stride(from: range.lowerBound, to: range.upperBound, by: step).map { Int64($0) }
        return Tensor(numbers, shape: [numbers.count]).cast(to: dtype)
    }

    /// So many numbers at equal distances, both ends among them: PyTorch's `linspace`.
    ///
    /// - Returns: `[count]`.
    public static func evenlySpaced(
        from first: Double, through last: Double, count: Int, dtype: DType = .f32
    ) -> Tensor {
        guard count >= 0 else { fatalError("evenly spaced: takes a count of 0 or more, given was \(count)") }
        let step = (last - first) / Double(max(1, count - 1))
        // From both ends, as PyTorch does: so the last is exact.
        let numbers = (0..<count).map { i in
            i < max(1, count / 2) ? first + step * Double(i) : last - step * Double(count - 1 - i)
        }
        return Tensor(numbers, shape: [count]).cast(to: dtype)
    }
}
