import AviaryTensors
import AviaryTestSupport
import Testing

/// Gradients of rows against PyTorch's sparse ones (`Tests/Oracles/sparse_optimizers.py`).
struct RowGradientTests {
    private struct Fixture: Decodable {
        struct Case: Decodable {
            let name: String
            let rowCount: Int
            let paddingIndex: Int?
            let ids: [Int64]
            let idShape: [Int]
            let upstream, values: FixtureTensor
            let rows: [Int64]

            var gradient: RowGradient {
                RowGradient(
                    ids: Tensor(ids, shape: idShape), upstream: upstream.tensor, rowCount: rowCount,
                    paddingIndex: paddingIndex)
            }
        }
        let cases: [Case]
    }

    @Test func `rows of equal ids add up as in PyTorch`() throws {
        let cases = try fixture("sparse_gradients", as: Fixture.self).cases
        #expect(cases.count == 12)
        for expected in cases {
            let found = expected.gradient
            #expect(found.rows == expected.rows, "\(expected.name)")
            #expect(found.shape == [expected.rowCount, expected.values.shape[1]], "\(expected.name)")
            // One rounding of a sum in double precision.
            expected.values.isClose(
                to: found.values, within: expected.values.dtype == "f64" ? 1e-15 : 6e-8, expected.name)
        }
    }

    @Test func `the dense form has those rows and zeros`() {
        let gradient = rows([3, 1, 3], [1, 2, 10, 20, 100, 200])
        #expect(gradient.rows == [1, 3])
        #expect(gradient.dense.doubles == [0, 0, 10, 20, 0, 0, 101, 202, 0, 0])
        #expect(gradient.dense.shape == [5, 2])
    }

    @Test func `the order of the ids decides the order of the sum`() {
        // In double precision 1 is lost beside 2⁵⁴ and is there where the great ones cancelled first.
        let great = 0x1p54
        #expect(rows([0, 0, 0], [great, 0, 1, 0, -great, 0]).values.doubles == [0, 0])
        #expect(rows([0, 0, 0], [great, 0, -great, 0, 1, 0]).values.doubles == [1, 0])
    }

    @Test func `two gradients add to the rows of both`() {
        let sum = rows([4, 1], [1, 2, 3, 4]).adding(rows([1, 0], [10, 20, 30, 40]))
        #expect(sum.rows == [0, 1, 4])
        #expect(sum.values.doubles == [30, 40, 13, 24, 1, 2])
        let none = rows([], [])
        #expect(none.adding(sum).rows == sum.rows)
        #expect(none.adding(none).rows.isEmpty)
    }

    @Test func `a dense gradient takes rows in and what others hold of it stays`() {
        let dense = Tensor(repeating: 1.0, shape: [5, 2])
        let copy = dense
        #expect(dense.adding(rows([2, 2], [1, 2, 3, 4])).doubles == [1, 1, 1, 1, 5, 7, 1, 1, 1, 1])
        #expect(copy.doubles == [Double](repeating: 1, count: 10))
    }

    @Test func `a function that keeps zero is that of the whole`() {
        let gradient = rows([3, 1], [3, -4, 0, 12])
        let halved = gradient.mapped { $0.scaled(by: 0.5) }
        #expect(halved.dense.doubles == gradient.dense.scaled(by: 0.5).doubles)
    }

    @Test func `ids that are not in the table stop the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let ids = Tensor([1, 5 as Int64], shape: [2])
            _ = RowGradient(ids: ids, upstream: .zeros([2, 3]), rowCount: 5)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("index 5 in a table of 5 rows"))
    }

    @Test func `rows that are not those of the ids stop the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let ids = Tensor([1, 0 as Int64], shape: [2])
            _ = RowGradient(ids: ids, upstream: .zeros([3, 4]), rowCount: 5)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("row gradient: takes the ids' axes [2] and one more, given was [3, 4]"))
    }

    @Test func `tables of other shapes stop the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let ids = Tensor([0 as Int64], shape: [1])
            let left = RowGradient(ids: ids, upstream: .zeros([1, 4]), rowCount: 5)
            _ = left.adding(RowGradient(ids: ids, upstream: .zeros([1, 4]), rowCount: 6))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("add rows: shapes [5, 4] and [6, 4] do not fit"))
    }

    /// Of a table `[5, 2]`.
    private func rows(_ ids: [Int64], _ values: [Double]) -> RowGradient {
        RowGradient(
            ids: Tensor(ids, shape: [ids.count]), upstream: Tensor(values, shape: [ids.count, 2]), rowCount: 5
        )
    }
}
