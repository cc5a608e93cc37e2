import AviaryKernels

extension Tensor {
    /// The sum to `target` where elements that lie side by side are added up: along the last axis, or all axes.
    ///
    /// In double precision, rounded once; `nil` for other targets.
    func summedAlongRows(to target: [Int]) -> Tensor? {
        guard count > 0, let kind = dtype.native else { return nil }
        let padded = [Int](repeating: 1, count: shape.count - target.count) + target
        let kept = shape.indices.last { padded[$0] != 1 } ?? -1
        let (outer, columns) = (Array(shape.prefix(kept + 1)), shape.dropFirst(kept + 1).reduce(1, *))
        guard columns > 1 else { return nil }
        var sums = [Double](repeating: 0, count: outer.product)
        plain.readBytes { source in
            sums.withUnsafeMutableBufferPointer {
                guard let start = $0.baseAddress else { return }
                RowTotals.run(source, kind, rows: outer.product, columns: columns, into: start)
            }
        }
        let ofTarget = Array(padded.prefix(kept + 1))
        if outer != ofTarget {
            var totals = [Double](repeating: 0, count: target.product)
            eachIndex(of: outer, outer, ofTarget) { totals[$1] += sums[$0] }
            sums = totals
        }
        return dtype == .bf16
            ? Tensor(sums.map { BFloat16(nearest: $0) }, shape: target)
            : Tensor(sums.map { Float($0) }, shape: target)
    }
}
