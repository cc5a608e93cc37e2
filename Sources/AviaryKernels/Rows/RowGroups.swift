import CAviaryKernels

/// Which places of a list name which row: a group for each row that is named at all.
package struct RowGroups: Sendable {
    /// The rows that are named, ascending.
    package let rows: [Int64]
    /// Group `r` is `places[starts[r]..<starts[r + 1]]`.
    package let starts: [Int64]
    /// The places, group behind group; within a group in the order of the list.
    package let places: [Int64]

    /// The groups of `keys`, each in `0..<bound`; the row `excluded` has none.
    package init(of keys: UnsafeBufferPointer<Int64>, below bound: Int, excluding excluded: Int? = nil) {
        var rows = [Int64](repeating: 0, count: keys.count)
        var starts = [Int64](repeating: 0, count: keys.count + 1)
        var (places, scratch) = (rows, rows)
        let groupCount = Int(
            aviary_row_groups(
                keys.baseAddress, Int64(keys.count), Int64(bound), Int64(excluded ?? -1), &rows, &starts,
                &places, &scratch))
        places.removeLast(keys.count - Int(starts[groupCount]))
        rows.removeLast(keys.count - groupCount)
        starts.removeLast(keys.count - groupCount)
        self.rows = rows
        self.starts = starts
        self.places = places
    }
}
