extension Tensor {
    /// The sum along some axes, which go away or stay with an extent of 1; a negative axis counts from the back.
    ///
    /// Of no elements it is 0. Reals are added up in double precision and rounded once.
    ///
    /// - Returns: This tensor's kind; of whole numbers and truth values, of which true is 1, int64, which wraps around.
    public func sum(over axes: [Int], keepsAxes: Bool = false) -> Tensor {
        let reduced = ReducedAxes(axes, of: self, keepsAxes: keepsAxes, "sum")
        let sums = dtype.isReal ? summed(to: reduced.broadcastResult) : wholeSums(to: reduced.broadcastResult)
        return sums.reshaped(reduced.result)
    }

    /// The sums over all axes along which `target` has an extent of 1, in int64.
    private func wholeSums(to target: [Int]) -> Tensor {
        let source = cast(to: .int64).plain
        return Tensor(shape: target, of: Int64.self) { sums in
            sums.update(repeating: 0, count: target.product)
            source.read(Int64.self) { values in
                eachIndex(of: source.shape, source.shape, target) { sums[$1] &+= values[$0] }
            }
        }
    }
}
