extension Tensor {
    /// The position of the least element along an axis, the first of equals, or the first NaN.
    ///
    /// A negative axis counts from the back.
    ///
    /// - Returns: int64; the axis goes away or stays with an extent of 1.
    public func argmin(axis: Int = -1, keepsAxis: Bool = false) -> Tensor {
        positionsOfExtrema(axis: axis, keepsAxis: keepsAxis, isMaximum: false, "argmin")
    }
}
