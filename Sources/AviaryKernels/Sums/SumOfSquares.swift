import CAviaryKernels

/// The sum of squares of `count` elements, in double precision, on this thread.
package func sumOfSquares(_ source: UnsafePointer<Float>, count: Int) -> Double {
    aviary_sum_of_squares(source, Int64(count))
}

/// The sum of the squares of all elements of many arrays, in double precision, on all threads.
///
/// Blocks of fixed places are summed by themselves and added in their order: the bits depend on no number of threads.
package func sumOfSquares(of arrays: [UnsafeBufferPointer<Float>]) -> Double {
    let blockLength = Parallel.elementGrain
    let blocks = arrays.flatMap { array in
        stride(from: 0, to: array.count, by: blockLength).compactMap { start in
            array.baseAddress.map { (first: $0 + start, count: min(blockLength, array.count - start)) }
        }
    }
    let isSmall = arrays.reduce(0) { $0 + $1.count } <= blockLength
    let sums = [Double](unsafeUninitializedCapacity: blocks.count) { sums, count in
        let places = sums
        Parallel.run(blocks.count, grain: isSmall ? blocks.count : 1) { part in
            for block in part {
                places[block] = sumOfSquares(blocks[block].first, count: blocks[block].count)
            }
        }
        count = blocks.count
    }
    return sums.reduce(0, +)
}
