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
        let grain = max(1, Parallel.elementGrain / max(1, width))
        Parallel.run(groups.rows.count, grain: grain) { part in
            let sums = UnsafeMutablePointer<Double>.allocate(capacity: width)
            defer { sums.deallocate() }
            aviary_row_sums(
                source, groups.places, groups.starts, Int64(part.lowerBound), Int64(part.count),
                Int64(width), sums, output + part.lowerBound * width)
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
