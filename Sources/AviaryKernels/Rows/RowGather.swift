import CAviaryKernels

/// Rows of a table, copied in the order and as often as they are named.
package enum RowGather {
    /// On all threads: `output` is `[rows, width]`; every row is in the table.
    package static func run<T: BitwiseCopyable>(
        _ table: UnsafePointer<T>, _ rows: UnsafeBufferPointer<Int64>, width: Int,
        into output: UnsafeMutablePointer<T>
    ) {
        guard let first = rows.baseAddress else { return }
        let rowByteCount = Int64(width * MemoryLayout<T>.stride)
        Parallel.run(rows.count, grain: max(1, Parallel.elementGrain / max(1, width))) { part in
            aviary_gather_rows(
                table, first + part.lowerBound, Int64(part.count), rowByteCount,
                output + part.lowerBound * width)
        }
    }

    /// As the definition reads.
    package static func runPlain<T>(
        _ table: UnsafePointer<T>, _ rows: UnsafeBufferPointer<Int64>, width: Int,
        into output: UnsafeMutablePointer<T>
    ) {
        for (place, row) in rows.enumerated() {
            for i in 0..<width { output[place * width + i] = table[Int(row) * width + i] }
        }
    }
}
