import CAviaryKernels

/// What `PlainL2Normalisation` is, in single precision, vectorised and on all threads.
package enum FastL2Normalisation {
    package static func forward(
        rows: Int, columns: Int, epsilon: Double, source: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, lengths: UnsafeMutablePointer<Float>
    ) {
        Parallel.run(rows, grain: rowGrain(columns)) {
            let first = $0.lowerBound * columns
            aviary_l2_normalise(
                source + first, Float(epsilon), output + first, lengths + $0.lowerBound, Int64($0.count),
                Int64(columns))
        }
    }

    package static func backward(
        rows: Int, columns: Int, epsilon: Double, output: UnsafePointer<Float>, lengths: UnsafePointer<Float>,
        upstream: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>
    ) {
        Parallel.run(rows, grain: rowGrain(columns)) {
            let first = $0.lowerBound * columns
            aviary_l2_normalise_backward(
                output + first, upstream + first, lengths + $0.lowerBound, Float(epsilon), gradient + first,
                Int64($0.count), Int64(columns))
        }
    }

    private static func rowGrain(_ columns: Int) -> Int { max(1, Parallel.elementGrain / max(1, columns)) }
}
