import AviaryKernels
import Testing

/// Copies and sums of rows, and steps over rows: fast against plain, and the same bytes for one, two and three threads.
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
        check(keys: (0..<2 * rowCount).map { Int64($0 * $0 % rowCount) }, below: rowCount, width)
    }

    /// As padding may: its sum is shared out by columns, of which the last strip has fewer.
    @Test(arguments: [1, 40, 300])
    func `sums of rows of which most have one id`(width: Int) {
        check(keys: (0..<500).map { $0 % 9 == 1 ? $0 % 5 : 70_000 }, below: 100_000, width)
    }

    @Test func `a sum of minus zero is that of its definition`() {
        let groups = RowGroups(of: [0], below: 1)
        var sums: [Float] = [.nan]
        RowSums.run([-0.0], groups, width: 1, into: &sums)
        #expect(sums[0] == 0 && sums[0].sign == .plus)
    }

    private func check(keys: [Int64], below bound: Int, _ width: Int) {
        let groups = RowGroups(of: keys, below: bound)
        #expect(groups.rows == Set(keys).sorted())
        let source = numbers(keys.count * width, 1)
        let count = groups.rows.count * width
        let sums = [1, 2, 3].map { threads in
            var sums = [Float](repeating: .nan, count: count)
            Parallel.withThreadCount(threads) {
                RowSums.run(source, groups, width: width, into: &sums)
            }
            return sums
        }
        var plain = [Float](repeating: .nan, count: count)
        RowSums.runPlain(source, groups, width: width, into: &plain)
        // Both add in double precision in the same order.
        for found in sums { #expect(found == plain) }
    }

    @Test(arguments: cases)
    func `copies of rows`(rowCount: Int, width: Int) {
        let table = numbers(rowCount * width, 1)
        let rows = (0..<2 * rowCount).map { Int64($0 * $0 % rowCount) }
        var plain = [Float](repeating: .nan, count: rows.count * width)
        rows.withUnsafeBufferPointer { RowGather.runPlain(table, $0, width: width, into: &plain) }
        #expect(plain[width] == table[Int(rows[1]) * width])
        for threads in [1, 2, 3] {
            var fast = [Float](repeating: .nan, count: rows.count * width)
            Parallel.withThreadCount(threads) {
                rows.withUnsafeBufferPointer { RowGather.run(table, $0, width: width, into: &fast) }
            }
            #expect(fast == plain)
        }
    }

    /// Every rule, each with the number of tables it keeps beside the parameter.
    private let rules: [(step: any OptimizerStep, stateCount: Int)] = [
        (
            SGDStep(rate: 0.01, momentum: 0.9, weightDecay: 0.1, gradientScale: 0.5, isNesterov: true), 1
        ),
        (
            AdamStep(
                stepCount: 3, rate: 0.01, firstMomentDecay: 0.9, secondMomentDecay: 0.99, epsilon: 1e-3,
                weightDecay: 0.1, isDecoupled: true, gradientScale: 0.5), 2
        ),
        (AdagradStep(rate: 0.01, epsilon: 1e-3, weightDecay: 0.1, gradientScale: 0.5), 1),
        (
            RMSpropStep(
                rate: 0.01, smoothing: 0.9, epsilon: 1e-3, momentum: 0.9, isCentered: false, weightDecay: 0.1,
                gradientScale: 0.5), 2
        ),
    ]

    @Test(arguments: cases)
    func `a step over rows is the step over whole arrays there, and nothing elsewhere`(
        rowCount: Int, width: Int
    ) {
        for rule in rules {
            check(rule.step, stateCount: rule.stateCount, rowCount, width, stepsOthers: false)
        }
    }

    @Test(arguments: cases)
    func `a step over a whole table by some rows is that by a gradient of zeros elsewhere`(
        rowCount: Int, width: Int
    ) {
        for rule in rules {
            check(rule.step, stateCount: rule.stateCount, rowCount, width, stepsOthers: true)
        }
    }

    @Test func `no row is looked up, or no row has a number`() {
        for (rowCount, width) in [(5, 3), (5, 0), (0, 3)] {
            let tables = [numbers(rowCount * width, 1), numbers(rowCount * width, 2)]
            for stepsOthers in [false, true] {
                let after = stepped(tables, rowCount, [], [], width, stepsOthers: stepsOthers) {
                    rules[0].step.run($0)
                }
                #expect((after == tables) == (!stepsOthers || width == 0 || rowCount == 0))
            }
        }
    }

    private func check(
        _ step: any OptimizerStep, stateCount: Int, _ rowCount: Int, _ width: Int, stepsOthers: Bool
    ) {
        // Neither the first row nor the last, and two beside each other.
        let rows = (0..<rowCount).filter { $0 % 3 != 0 && $0 != rowCount - 1 }.map { Int64($0) }
        let tables = (0...stateCount).map { seed in numbers(rowCount * width, seed).map { $0 + 2 } }
        let gradient = numbers(rows.count * width, 9)
        let whole = wholeStep(step, tables, rows, gradient, width, stepsOthers: stepsOthers)
        for threads in [1, 2, 3] {
            let fast = Parallel.withThreadCount(threads) {
                stepped(tables, rowCount, rows, gradient, width, stepsOthers: stepsOthers) { step.run($0) }
            }
            #expect(fast == whole, "\(step), \(threads) threads")
        }
        let plain = stepped(tables, rowCount, rows, gradient, width, stepsOthers: stepsOthers) {
            step.runPlain($0)
        }
        let lookedUp = Set(rows)
        for (table, (found, expected)) in zip(whole, plain).enumerated() {
            let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
            // Ten operations an element of at most 3, where the fast form may join a product and a sum.
            #expect(worst <= 3e-6, "\(step), table \(table)")
            for row in 0..<rowCount {
                let range = row * width..<(row + 1) * width
                let isChanged = found[range] != tables[table][range]
                #expect(
                    isChanged == (stepsOthers || lookedUp.contains(Int64(row))),
                    "\(step), table \(table), row \(row)")
            }
        }
    }

    /// The tables after a step over rows, in place.
    private func stepped(
        _ tables: [[Float]], _ rowCount: Int, _ rows: [Int64], _ gradient: [Float], _ width: Int,
        stepsOthers: Bool, _ body: (RowArrays<Float>) -> Void
    ) -> [[Float]] {
        let copies = tables.map(allocated)
        let given = allocated(gradient)
        defer { for pointer in copies + [given] { pointer.deallocate() } }
        body(
            RowArrays(
                rowCount: rowCount, width: width, rows: rows, gradient: given, stepsOthers: stepsOthers,
                parameter: copies[0], state: Array(copies.dropFirst())))
        return copies.map { Array(UnsafeBufferPointer(start: $0, count: tables[0].count)) }
    }

    /// The same by one step over whole arrays, of which the rows are taken if the others rest.
    private func wholeStep(
        _ step: any OptimizerStep, _ tables: [[Float]], _ rows: [Int64], _ gradient: [Float], _ width: Int,
        stepsOthers: Bool
    ) -> [[Float]] {
        let count = tables[0].count
        var dense = [Float](repeating: 0, count: count)
        for (place, row) in rows.enumerated() {
            for i in 0..<width { dense[Int(row) * width + i] = gradient[place * width + i] }
        }
        let copies = (tables + [dense]).map(allocated)
        defer { for pointer in copies { pointer.deallocate() } }
        step.run(
            StepArrays(
                count: count, parameter: copies[0], gradient: copies[tables.count],
                state: Array(copies[1..<tables.count])))
        let stepped = copies.dropLast().map { Array(UnsafeBufferPointer(start: $0, count: count)) }
        guard !stepsOthers else { return stepped }
        var results = tables
        for row in rows.map({ Int($0) }) {
            for i in row * width..<(row + 1) * width {
                for table in tables.indices { results[table][i] = stepped[table][i] }
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

extension RowGroups {
    fileprivate init(of keys: [Int64], below bound: Int, excluding excluded: Int? = nil) {
        self = keys.withUnsafeBufferPointer { RowGroups(of: $0, below: bound, excluding: excluded) }
    }
}
