extension Tensor {
    /// The position of the greatest element along an axis, the first of equals, or the first NaN.
    ///
    /// A negative axis counts from the back.
    ///
    /// - Returns: int64; the axis goes away or stays with an extent of 1.
    public func argmax(axis: Int = -1, keepsAxis: Bool = false) -> Tensor {
        positionsOfExtrema(axis: axis, keepsAxis: keepsAxis, isMaximum: true, "argmax")
    }

    /// The same of each row of `[rows, columns]`, as numbers.
    public var argmaxOfRows: [Int] {
        guard shape.count == 2 else { shapeMistake("argmax", shape, "[rows, columns]") }
        return argmax(axis: 1).values(as: Int64.self).map { Int($0) }
    }
}
