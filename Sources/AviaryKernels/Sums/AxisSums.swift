import CAviaryKernels

/// The extents of `[outer, reduced, inner]`, which is summed to `[outer, inner]`.
package struct AxisSumShape: Hashable, Sendable {
    package var outer: Int
    package var reduced: Int
    package var inner: Int

    package init(outer: Int, reduced: Int, inner: Int) {
        self.outer = outer
        self.reduced = reduced
        self.inner = inner
    }

    package var sumCount: Int { outer * inner }
}

/// Sums along one axis, in double precision.
package enum AxisSums {
    /// Vectorised.
    package static func fast(
        _ shape: AxisSumShape, _ kind: RealKind, source: UnsafeRawPointer, sums: UnsafeMutablePointer<Double>
    ) {
        guard shape.inner > 1 else { return sumRows(shape, kind, source: source, sums: sums) }
        let tiles = ColumnTiles(matrices: shape.outer, rows: shape.reduced, columns: shape.inner)
        tiles.sum(into: sums, grain: Parallel.elementGrain) { tile, sums in
            aviary_add_rows(kind.inLoops, source, Int64(shape.inner), tile, sums)
        }
    }

    /// Long rows are cut into stretches of a fixed length, so that one row is work for several threads.
    private static func sumRows(
        _ shape: AxisSumShape, _ kind: RealKind, source: UnsafeRawPointer, sums: UnsafeMutablePointer<Double>
    ) {
        let length = 1 << 15
        let stretches = max(1, (shape.reduced + length - 1) / length)
        let grain = max(1, Parallel.elementGrain / max(1, min(length, shape.reduced)))
        withUnsafeTemporaryAllocation(of: Double.self, capacity: shape.outer * stretches) { parts in
            Parallel.run(parts.count, grain: grain) { part in
                for index in part {
                    let (row, first) = (index / stretches, index % stretches * length)
                    parts[index] = aviary_sum(
                        kind.inLoops, source, Int64(row * shape.reduced + first),
                        Int64(min(length, shape.reduced - first)))
                }
            }
            for row in 0..<shape.outer {
                sums[row] = parts[row * stretches..<(row + 1) * stretches].reduce(0, +)
            }
        }
    }

    /// As it is written.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func plain<T: BinaryFloatingPoint>(
        _ shape: AxisSumShape, source: UnsafePointer<T>, sums: UnsafeMutablePointer<Double>
    ) {
        sums.update(repeating: 0, count: shape.sumCount)
        for outer in 0..<shape.outer {
            for row in 0..<shape.reduced {
                let start = source + (outer * shape.reduced + row) * shape.inner
                for column in 0..<shape.inner { sums[outer * shape.inner + column] += Double(start[column]) }
            }
        }
    }
}
