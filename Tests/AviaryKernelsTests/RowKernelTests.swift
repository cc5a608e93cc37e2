import AviaryKernels
import Testing

/// Sums of rows and steps over rows: fast against plain, one thread against two, and rows against whole arrays.
struct RowKernelTests {
    /// Few rows, and enough of them for a second thread; the widths are odd, below and above a vector.
    static let cases = [(rowCount: 5, width: 1), (rowCount: 300, width: 3), (rowCount: 3000, width: 33)]

    @Test func `groups keep the order of the list`() {
        let groups = RowGroups(of: [7, 2, 7, 5000, 2, 7], below: 6000)
        #expect(groups.rows == [2, 7, 5000])
        #expect(groups.starts == [0, 2, 5, 6])
        #expect(groups.places == [1, 4, 0, 2, 5, 3])
        let without = RowGroups(of: [7, 2, 7], below: 8, excluding: 7)
        #expect(without.rows == [2] && without.starts == [0, 1] && without.places == [1])
        let none = RowGroups(of: [], below: 0)
        #expect(none.rows.isEmpty && none.starts == [0] && none.places.isEmpty)
    }

    @Test(arguments: cases)
    func `sums of rows`(rowCount: Int, width: Int) {
        let keys = (0..<2 * rowCount).map { $0 * $0 % rowCount }
        let groups = RowGroups(of: keys, below: rowCount)
        #expect(groups.rows == Set(keys).sorted().map { Int64($0) })
        let source = numbers(keys.count * width, 1)
        let count = groups.rows.count * width
        let sums = [1, 2].map { threads in
            var sums = [Float](repeating: .nan, count: count)
            Parallel.withThreadCount(threads) {
                RowSums.run(source, groups, width: width, into: &sums)
            }
            return sums
        }
        var plain = [Float](repeating: .nan, count: count)
        RowSums.runPlain(source, groups, width: width, into: &plain)
        #expect(sums[0] == sums[1])
        // Both add in double precision in the same order.
        #expect(sums[0] == plain)
    }

    @Test(arguments: cases)
    func `a step over rows is the step over whole arrays there, and nothing elsewhere`(
        rowCount: Int, width: Int
    ) {
        let sgd = SGDStep(
            rate: 0.01, momentum: 0.9, weightDecay: 0.1, gradientScale: 0.5, isNesterov: true)
        check(sgd, stateCount: 1, rowCount, width)
        let adam = AdamStep(
            stepCount: 3, rate: 0.01, firstMomentDecay: 0.9, secondMomentDecay: 0.99, epsilon: 1e-3,
            weightDecay: 0.1, isDecoupled: true, gradientScale: 0.5)
        check(adam, stateCount: 2, rowCount, width)
    }

    private func check(_ step: some OptimizerStep, stateCount: Int, _ rowCount: Int, _ width: Int) {
        let rows = (0..<rowCount).filter { $0 % 3 != 1 }.map { Int64($0) }
        let count = rowCount * width
        let tables = (0...stateCount).map { seed in numbers(count, seed).map { $0 + 2 } }
        let gradient = numbers(rows.count * width, 9)
        let fast = [1, 2].map { threads in
            Parallel.withThreadCount(threads) {
                stepped(tables, rows, gradient, width) { step.run($0) }
            }
        }
        let plain = stepped(tables, rows, gradient, width) { step.runPlain($0) }
        let whole = wholeStep(step, tables, rows, gradient, width)
        #expect(fast[0] == fast[1], "\(step)")
        #expect(fast[0] == whole, "\(step)")
        for (table, (found, expected)) in zip(fast[0], plain).enumerated() {
            let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
            // Ten operations an element of at most 3, where the fast form may join a product and a sum.
            #expect(worst <= 3e-6, "\(step), table \(table)")
            for row in 0..<rowCount {
                let range = row * width..<(row + 1) * width
                let isChanged = found[range] != tables[table][range]
                #expect(isChanged == (row % 3 != 1), "\(step), table \(table), row \(row)")
            }
        }
    }

    /// The tables after a step over rows, in place.
    private func stepped(
        _ tables: [[Float]], _ rows: [Int64], _ gradient: [Float], _ width: Int,
        _ body: (RowArrays<Float>) -> Void
    ) -> [[Float]] {
        let copies = tables.map(allocated)
        let given = allocated(gradient)
        defer { for pointer in copies + [given] { pointer.deallocate() } }
        body(
            RowArrays(
                width: width, rows: rows, gradient: given, parameter: copies[0],
                state: Array(copies.dropFirst())))
        return copies.map { Array(UnsafeBufferPointer(start: $0, count: tables[0].count)) }
    }

    /// The same by one step over whole arrays, of which the rows are taken.
    private func wholeStep(
        _ step: some OptimizerStep, _ tables: [[Float]], _ rows: [Int64], _ gradient: [Float], _ width: Int
    ) -> [[Float]] {
        let count = tables[0].count
        var dense = [Float](repeating: 0, count: count)
        for (place, row) in rows.enumerated() {
            for i in 0..<width { dense[Int(row) * width + i] = gradient[place * width + i] }
        }
        let old = (tables + [dense]).map(allocated)
        let new = tables.map(allocated)
        defer { for pointer in old + new { pointer.deallocate() } }
        step.run(
            StepArrays(
                count: count, parameter: old[0], gradient: old[tables.count],
                state: old[1..<tables.count].map { UnsafePointer($0) }, newParameter: new[0],
                newState: Array(new.dropFirst())))
        var results = tables
        for row in rows.map({ Int($0) }) {
            for i in row * width..<(row + 1) * width {
                for table in tables.indices { results[table][i] = new[table][i] }
            }
        }
        return results
    }

    private func allocated(_ values: [Float]) -> UnsafeMutablePointer<Float> {
        let copy = UnsafeMutablePointer<Float>.allocate(capacity: values.count)
        copy.initialize(from: values, count: values.count)
        return copy
    }

    /// Numbers in [-1, 1) that look random and are the same each time.
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }
}
