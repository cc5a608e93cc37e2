import CAviaryKernels

/// The sum of the rows of each group, in double precision, rounded once.
///
/// A group's rows are added in its order, so that the bits depend on no number of threads.
package enum RowSums {
    /// In single precision, vectorised, on all threads: `output` is `[groups, width]`.
    package static func run(
        _ source: UnsafePointer<Float>, _ groups: RowGroups, width: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        let groupCount = groups.rows.count
        guard groupCount > 0, width > 0 else { return }
        // A thread takes a strip of columns: a padding id may have half of all rows in its one group.
        let stripWidth = max(16, (width / Parallel.threadCount + 15) / 16 * 16)
        let stripCount = (width + stripWidth - 1) / stripWidth
        let isSmall = groups.places.count * width <= Parallel.elementGrain
        Parallel.run(stripCount * groupCount, grain: isSmall ? Int.max : 1) { part in
            for strip in part.lowerBound / groupCount...(part.upperBound - 1) / groupCount {
                let some = part.clamped(to: strip * groupCount..<(strip + 1) * groupCount)
                let column = strip * stripWidth
                aviary_row_sums(
                    source, groups.places, groups.starts, Int64(some.lowerBound - strip * groupCount),
                    Int64(some.count), Int64(width), Int64(column), Int64(min(stripWidth, width - column)),
                    output)
            }
        }
    }

    /// As the definition reads, in any precision.
    package static func runPlain<T: BinaryFloatingPoint>(
        _ source: UnsafePointer<T>, _ groups: RowGroups, width: Int, into output: UnsafeMutablePointer<T>
    ) {
        for row in groups.rows.indices {
            let places = groups.places[Int(groups.starts[row])..<Int(groups.starts[row + 1])]
            for i in 0..<width {
                output[row * width + i] = T(
                    places.reduce(0.0) { $0 + Double(source[Int($1) * width + i]) })
            }
        }
    }
}
