import CAviaryKernels

/// The sum of each row of `[rows, columns]`, in double precision.
package enum RowTotals {
    /// What one thread adds up in one go: so a long row is shared, in parts that depend on its length alone.
    private static let stretch = 8192

    package static func run(
        _ source: UnsafeRawPointer, _ kind: NativeReal, rows: Int, columns: Int,
        into totals: UnsafeMutablePointer<Double>
    ) {
        let parts = (columns + stretch - 1) / stretch
        guard parts > 1 else {
            return Parallel.run(rows, grain: max(1, Parallel.elementGrain / max(1, columns))) {
                let first = source + $0.lowerBound * columns * kind.byteCount
                aviary_sums(
                    first, kind == .bf16, Int64($0.count), Int64(columns), totals + $0.lowerBound)
            }
        }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: rows * parts) { partial in
            guard let sums = partial.baseAddress else { fatalError("sum: no scratch for \(rows) rows") }
            Parallel.run(rows * parts, grain: Parallel.elementGrain / stretch) { tasks in
                for task in tasks {
                    let start = task % parts * stretch
                    let first = source + (task / parts * columns + start) * kind.byteCount
                    aviary_sums(first, kind == .bf16, 1, Int64(min(stretch, columns - start)), sums + task)
                }
            }
            for row in 0..<rows {
                totals[row] = partial[row * parts..<(row + 1) * parts].reduce(0, +)
            }
        }
    }
}
