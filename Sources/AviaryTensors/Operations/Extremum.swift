extension Tensor {
    /// The greatest along some axes, which go away or stay with an extent of 1; a negative axis counts from the back.
    ///
    /// NaN is the greatest. No elements along the axes stop the program.
    ///
    /// - Returns: This tensor's kind, also of whole numbers and truth values.
    public func maximum(over axes: [Int], keepsAxes: Bool = false) -> Tensor {
        extremum(over: axes, keepsAxes, isMaximum: true, "maximum")
    }

    /// The least along some axes, which go away or stay with an extent of 1; a negative axis counts from the back.
    ///
    /// NaN is the least too. No elements along the axes stop the program.
    ///
    /// - Returns: This tensor's kind, also of whole numbers and truth values.
    public func minimum(over axes: [Int], keepsAxes: Bool = false) -> Tensor {
        extremum(over: axes, keepsAxes, isMaximum: false, "minimum")
    }

    private func extremum(
        over axes: [Int], _ keepsAxes: Bool, isMaximum: Bool, _ operation: String
    ) -> Tensor {
        let reduced = ReducedAxes(axes, of: self, keepsAxes: keepsAxes, operation)
        reduced.requireElements(operation)
        return asRows(reduced).extremaOfRows(isMaximum: isMaximum, operation).values.reshaped(reduced.result)
    }

    /// Where the greatest or the least element along an axis stands, the first of equals, or the first NaN: int64.
    func positionsOfExtrema(axis: Int, keepsAxis: Bool, isMaximum: Bool, _ operation: String) -> Tensor {
        let reduced = ReducedAxes([axis], of: self, keepsAxes: keepsAxis, operation)
        reduced.requireElements(operation)
        return asRows(reduced).extremumPositionsOfRows(isMaximum: isMaximum, operation)
            .reshaped(reduced.result)
    }

    /// What is taken together in the rows of a matrix.
    private func asRows(_ reduced: ReducedAxes) -> Tensor {
        (reduced.isInOrder ? self : permuted(reduced.order)).reshaped(reduced.matrix)
    }

    /// The greatest or the least of each row, and where it stands: the first of equals, or the first NaN.
    ///
    /// - Returns: Values `[rows]`, of this kind, and positions, int64 `[rows, 1]`.
    package func extremaOfRows(isMaximum: Bool, _ operation: String) -> (values: Tensor, positions: Tensor) {
        let positions = extremumPositionsOfRows(isMaximum: isMaximum, operation)
        return (gathered(axis: 1, indices: positions).reshaped([shape[0]]), positions)
    }

    private func extremumPositionsOfRows(isMaximum: Bool, _ operation: String) -> Tensor {
        guard shape.count == 2 else { shapeMistake(operation, shape, "[rows, n]") }
        guard shape[1] > 0 else { shapeMistake(operation, shape, "at least one element") }
        func find<T: TensorElement & Comparable>(_ type: T.Type) -> Tensor {
            let (source, rows, count) = (plain, shape[0], shape[1])
            return Tensor(shape: [rows, 1], of: Int64.self) { output in
                source.read(T.self) { values in
                    for row in 0..<rows {
                        let first = values + row * count
                        output[row] = Int64(placeOfExtremum(first, count, isMaximum: isMaximum))
                    }
                }
            }
        }
        return switch dtype {
        case .f64: find(Double.self)
        case .f32: find(Float.self)
        case .bf16, .f16: widened.extremumPositionsOfRows(isMaximum: isMaximum, operation)
        case .int64: find(Int64.self)
        case .int32: find(Int32.self)
        case .int8: find(Int8.self)
        case .uint8: find(UInt8.self)
        case .bool: cast(to: .uint8).extremumPositionsOfRows(isMaximum: isMaximum, operation)
        }
    }

    /// The gradient by these rows of their extrema `[rows]`: elements equal to one share its upstream gradient evenly.
    ///
    /// Nothing equals a NaN: its row gets NaN, as with PyTorch's `amax`.
    package func sharedExtremumGradient(extrema: Tensor, upstream: Tensor, _ operation: String) -> Tensor {
        mappedRows(operation, extrema, upstream) { row, extremum, upstream in
            let sharing = Double(row.count { $0 == extremum })
            return row.map { ($0 == extremum ? upstream : 0) / sharing }
        }
    }
}

/// Where the greatest or the least of `count` elements stands; NaN, which alone differs from itself, is either.
private func placeOfExtremum<T: Comparable>(
    _ values: UnsafePointer<T>, _ count: Int, isMaximum: Bool
) -> Int {
    var best = 0
    for i in 1..<max(1, count) where values[best] == values[best] {
        let isBetter = isMaximum ? values[i] > values[best] : values[i] < values[best]
        if isBetter || values[i] != values[i] { best = i }
    }
    return best
}
