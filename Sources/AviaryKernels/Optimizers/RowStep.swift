/// What one step over some rows of a table changes, in place.
package struct RowArrays<Element> {
    package let width: Int
    /// Distinct, so that no two threads have the same one.
    package let rows: [Int64]
    /// `[rows, width]`.
    package let gradient: UnsafePointer<Element>
    /// The whole table.
    package let parameter: UnsafeMutablePointer<Element>
    /// What the optimizer keeps beside the table, each as large, in the order that its rule states.
    package let state: [UnsafeMutablePointer<Element>]

    package init(
        width: Int, rows: [Int64], gradient: UnsafePointer<Element>,
        parameter: UnsafeMutablePointer<Element>, state: [UnsafeMutablePointer<Element>]
    ) {
        self.width = width
        self.rows = rows
        self.gradient = gradient
        self.parameter = parameter
        self.state = state
    }
}

extension OptimizerStep {
    /// Steps the rows in single precision, vectorised, on all threads; other rows are neither read nor written.
    package func run(_ arrays: RowArrays<Float>) {
        let grain = max(1, Parallel.elementGrain / max(1, arrays.width))
        Parallel.run(arrays.rows.count, grain: grain) { part in
            stepBlocks(arrays, part) { run($0) }
        }
    }

    /// Steps the rows as the definition reads, in any precision; other rows are neither read nor written.
    package func runPlain<T: BinaryFloatingPoint>(_ arrays: RowArrays<T>) {
        stepBlocks(arrays, arrays.rows.indices) { runPlain($0) }
    }
}

/// Elements of each array that are stepped at once: the scratch of the largest rule then stays in the first cache.
private let blockElementCount = 512

/// Gathers some rows at a time, so that a rule's one loop over arrays that do not overlap serves for rows as well, and
/// puts the new ones back.
private func stepBlocks<T>(_ arrays: RowArrays<T>, _ part: Range<Int>, _ step: (StepArrays<T>) -> Void) {
    let width = arrays.width
    let blockRowCount = min(part.count, max(1, blockElementCount / max(1, width)))
    let tables = [arrays.parameter] + arrays.state
    let capacity = blockRowCount * width
    let scratch = UnsafeMutablePointer<T>.allocate(capacity: 2 * tables.count * capacity)
    defer { scratch.deallocate() }
    let old = tables.indices.map { scratch + $0 * capacity }
    let new = tables.indices.map { scratch + (tables.count + $0) * capacity }
    let (oldState, newState) = (old.dropFirst().map { UnsafePointer($0) }, Array(new.dropFirst()))
    for first in stride(from: part.lowerBound, to: part.upperBound, by: max(1, blockRowCount)) {
        let rows = arrays.rows[first..<min(first + blockRowCount, part.upperBound)]
        for (table, copy) in zip(tables, old) {
            for (place, row) in rows.enumerated() {
                (copy + place * width).initialize(from: table + Int(row) * width, count: width)
            }
        }
        step(
            StepArrays(
                count: rows.count * width, parameter: old[0], gradient: arrays.gradient + first * width,
                state: oldState, newParameter: new[0], newState: newState))
        for (table, copy) in zip(tables, new) {
            for (place, row) in rows.enumerated() {
                (table + Int(row) * width).update(from: copy + place * width, count: width)
            }
        }
    }
}
