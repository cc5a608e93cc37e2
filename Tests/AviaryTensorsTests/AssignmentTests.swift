import AviaryTensors
import AviaryTestSupport
import Testing

/// The assignment of least cost against scipy (`Tests/Oracles/assignment.py`).
struct AssignmentTests {
    private struct Case: Decodable {
        let name: String
        let cost: FixtureTensor
        let rows, columns: [Int]
        let total: Double
    }

    private struct Fixture: Decodable {
        let cases: [Case]
    }

    /// Both compute in double precision: the same pairs, ties included, and sums that differ by rounding.
    @Test func `rows get the columns that scipy gives them`() throws {
        let cases = try fixture("assignment", as: Fixture.self).cases
        #expect(cases.count == 61)
        for expected in cases {
            let cost = expected.cost.tensor
            let pairs = try linearSumAssignment(cost)
            #expect(pairs.map(\.row) == expected.rows, "rows of \(expected.name)")
            #expect(pairs.map(\.column) == expected.columns, "columns of \(expected.name)")
            let costs = cost.cast(to: .f64).values(as: Double.self)
            let total = pairs.reduce(0) { $0 + costs[$1.row * cost.shape[1] + $1.column] }
            #expect(
                abs(total - expected.total) <= 1e-9 * max(1, abs(expected.total)), "sum of \(expected.name)")
        }
    }

    /// Every choice is tried; entries are whole, so that sums are exact.
    @Test(arguments: [(5, 5), (3, 6), (6, 3), (1, 7)])
    func `no other choice costs less`(rows: Int, columns: Int) throws {
        for seed in 0..<20 {
            var stream = RandomStream(seed: UInt64(seed), name: "assignment")
            let costs = (0..<rows * columns).map { _ in Double(stream.next() % 1000) }
            let pairs = try linearSumAssignment(Tensor(costs, shape: [rows, columns]))
            #expect(pairs.count == min(rows, columns))
            #expect(Set(pairs.map(\.column)).count == pairs.count)
            let least = cheapest(costs, rows: rows, columns: columns, row: 0, taken: [])
            #expect(pairs.reduce(0) { $0 + costs[$1.row * columns + $1.column] } == least)
        }
    }

    private func cheapest(
        _ costs: [Double], rows: Int, columns: Int, row: Int, taken: Set<Int>
    ) -> Double {
        guard row < rows, taken.count < columns else { return 0 }
        var sums = (0..<columns).filter { !taken.contains($0) }.map { column in
            costs[row * columns + column]
                + cheapest(costs, rows: rows, columns: columns, row: row + 1, taken: taken.union([column]))
        }
        // This row may go without where enough others are left for all columns.
        if rows - row - 1 >= columns - taken.count {
            sums.append(cheapest(costs, rows: rows, columns: columns, row: row + 1, taken: taken))
        }
        return sums.min() ?? 0
    }

    @Test func `costs of two bytes are weighed as they are`() throws {
        let cost = Tensor([4, 1, 3, 2, 0, 5, 3, 2, 2] as [Float], shape: [3, 3])
        for kind in [DType.bf16, .f16, .f64] {
            #expect(try linearSumAssignment(cost.cast(to: kind)).map(\.column) == [1, 0, 2])
        }
    }

    @Test(arguments: [(Float.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")])
    func `a cost that is no finite number is refused with its place`(cost: Float, name: String) {
        let costs = Tensor([0, 1, 2, 3, 4, cost] as [Float], shape: [2, 3])
        let error = #expect(throws: AssignmentError.self) { _ = try linearSumAssignment(costs) }
        #expect(
            error?.description
                == "assignment: the cost of row 1 with column 2 is \(name); costs are finite numbers")
    }

    @Test func `what is no matrix of reals stops the program`() async throws {
        let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try linearSumAssignment(.zeros([2, 3, 4]))
        }
        #expect(try message(shape).contains("assignment: takes [rows, columns], given was [2, 3, 4]"))
        let kind = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try linearSumAssignment(.zeros([2, 3], dtype: .int64))
        }
        #expect(try message(kind).contains("assignment: takes f32, f64, bf16, f16, given was int64"))
    }

    private func message(_ result: ExitTest.Result?) throws -> String {
        String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }
}
