/// The numbers of things, ascending; the place of a thing among them is its slot.
struct SlotNumbers: Sendable {
    private(set) var all: [Int64] = []

    var count: Int { all.count }

    subscript(slot: Int) -> Int64 { all[slot] }

    /// Adds a number greater than all others.
    mutating func append(_ number: Int64) { all.append(number) }

    /// The slot of a number; `nil` if it has none.
    func slot(of number: Int64) -> Int? {
        guard let first = all.first else { return nil }
        // Rows are numbered without gaps until some are gone for good.
        let (guess, overflow) = number.subtractingReportingOverflow(first)
        if !overflow, guess >= 0, guess < all.count, all[Int(guess)] == number { return Int(guess) }
        var low = 0
        var high = all.count
        while low < high {
            let middle = (low + high) / 2
            if all[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < all.count && all[low] == number ? low : nil
    }
}
