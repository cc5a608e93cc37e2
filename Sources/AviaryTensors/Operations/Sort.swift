extension Tensor {
    /// The elements along the last axis in order, equal ones as they stood, NaN above all, and their origins.
    ///
    /// - Returns: Both in this tensor's shape, the positions int64; with `count`, `0...extent`, only so many of the first.
    package func sortedAlongLastAxis(
        isDescending: Bool, count: Int? = nil
    ) -> (values: Tensor, indices: Tensor) {
        let axis = self.axis(-1, "sort")
        let (rows, extent, _) = extents(around: axis)
        let kept = count ?? extent
        var target = shape
        target[axis] = kept
        func sort<T: TensorElement & Comparable>(_ type: T.Type) -> Tensor {
            let values = self.values(as: T.self)
            var positions: [Int64] = []
            positions.reserveCapacity(rows * kept)
            for row in 0..<rows {
                let start = row * extent
                // The position decides between equals: then the order is one and the same for any sort.
                let order = (0..<extent).sorted { i, j in
                    let (a, b) = (values[start + i], values[start + j])
                    if isBelow(a, b) { return !isDescending }
                    if isBelow(b, a) { return isDescending }
                    return i < j
                }
                positions += order.prefix(kept).map { Int64($0) }
            }
            return Tensor(positions, shape: target)
        }
        func sortedIndices(of wider: Tensor) -> Tensor {
            wider.sortedAlongLastAxis(isDescending: isDescending, count: count).indices
        }
        let indices: Tensor =
            switch dtype {
            case .f64: sort(Double.self)
            case .f32: sort(Float.self)
            case .bf16, .f16: sortedIndices(of: widened)
            case .int64: sort(Int64.self)
            default: sortedIndices(of: cast(to: .int64))
            }
        return (gathered(axis: axis, indices: indices), indices)
    }
}

/// The order of numbers with NaN, which alone differs from itself, above all.
private func isBelow<T: Comparable>(_ left: T, _ right: T) -> Bool {
    left < right || (right != right && left == left)
}
