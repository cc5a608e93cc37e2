/// Which places of a list name which row: a group for each row that is named at all.
package struct RowGroups: Sendable {
    /// The rows that are named, ascending.
    package let rows: [Int64]
    /// Group `r` is `places[starts[r]..<starts[r + 1]]`.
    package let starts: [Int64]
    /// The places, group behind group; within a group in the order of the list.
    package let places: [Int64]

    /// The groups of `keys`, each in `0..<bound`; the row `excluded` has none.
    package init(of keys: [Int], below bound: Int, excluding excluded: Int? = nil) {
        let ordered = placesInOrder(of: keys, below: bound)
        let places = excluded == nil ? ordered : ordered.filter { keys[$0] != excluded }
        var (rows, starts): ([Int64], [Int64]) = ([], [])
        for (index, place) in places.enumerated() where index == 0 || keys[place] != keys[places[index - 1]] {
            rows.append(Int64(keys[place]))
            starts.append(Int64(index))
        }
        self.rows = rows
        self.starts = starts + [Int64(places.count)]
        self.places = places.map { Int64($0) }
    }
}

/// The places of `keys` ordered by their keys, equal keys as they came: a radix sort, linear in their number.
private func placesInOrder(of keys: [Int], below bound: Int) -> [Int] {
    let digitWidth = 11
    let mask = 1 << digitWidth - 1
    var places = Array(keys.indices)
    var sorted = places
    var shift = 0
    while shift < Int.bitWidth, (bound - 1) >> shift > 0 {
        var starts = [Int](repeating: 0, count: mask + 2)
        for key in keys { starts[(key >> shift & mask) + 1] += 1 }
        for digit in 1...mask { starts[digit] += starts[digit - 1] }
        for place in places {
            let digit = keys[place] >> shift & mask
            sorted[starts[digit]] = place
            starts[digit] += 1
        }
        swap(&places, &sorted)
        shift += digitWidth
    }
    return places
}
