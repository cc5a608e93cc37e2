extension Tensor {
    /// The position of the greatest element along an axis, the first of equals, or the first NaN.
    ///
    /// A negative axis counts from the back.
    ///
    /// - Returns: int64; the axis goes away or stays with an extent of 1.
    public func argmax(axis: Int = -1, keepsAxis: Bool = false) -> Tensor {
        positionsOfExtrema(axis: axis, keepsAxis: keepsAxis, isMaximum: true, "argmax")
    }

    /// The index of the greatest element of each row of `[rows, columns]`; the first of equals.
    public var argmaxOfRows: [Int] {
        guard shape.count == 2 else { shapeMistake("argmax", shape, "[rows, columns]") }
        let values = cast(to: .f64).values(as: Double.self)
        return (0..<shape[0]).map { row in
            let start = row * shape[1]
            return (1..<max(1, shape[1])).reduce(0) { values[start + $1] > values[start + $0] ? $1 : $0 }
        }
    }
}
