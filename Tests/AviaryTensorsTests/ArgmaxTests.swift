import AviaryTensors
import AviaryTestSupport
import Testing

/// Positions of the greatest elements against PyTorch (`Tests/Oracles/argmax.py`).
struct ArgmaxTests {
    private struct Fixture: Decodable {
        struct Case: Decodable {
            let name: String
            let axis: Int
            let input: FixtureTensor
            let shape: [Int]
            let positions: [Int64]
        }
        let cases: [Case]
    }

    @Test func `positions are PyTorch's, of equals and of NaN the first`() throws {
        let cases = try fixture("argmax", as: Fixture.self).cases
        #expect(cases.count == 42)
        for expected in cases {
            let x = expected.input.tensor
            let found = x.argmax(axis: expected.axis)
            #expect(found.dtype == .int64 && found.shape == expected.shape, "\(expected.name)")
            #expect(found.values(as: Int64.self) == expected.positions, "\(expected.name)")

            var kept = x.shape
            kept[expected.axis < 0 ? expected.axis + kept.count : expected.axis] = 1
            let keeping = x.argmax(axis: expected.axis, keepsAxis: true)
            #expect(keeping.shape == kept, "\(expected.name): axis kept")
            #expect(keeping.values(as: Int64.self) == expected.positions, "\(expected.name): axis kept")

            // What has its elements in another order in memory.
            let order = Array(x.shape.indices.reversed())
            let view = x.permuted(order).plain.permuted(order)
            #expect(
                view.argmax(axis: expected.axis).values(as: Int64.self) == expected.positions,
                "\(expected.name): a view")
            guard x.shape.count == 2, expected.axis == 1, x.count > 0 else { continue }
            #expect(x.argmaxOfRows == expected.positions.map { Int($0) }, "\(expected.name): rows")
        }
    }

    @Test func `an axis of no elements stops the program, and so do rows of none`() async throws {
        let axis = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([2, 0]).argmax(axis: 1)
        }
        let rows = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([2, 0]).argmaxOfRows
        }
        for result in [axis, rows] {
            let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
            #expect(text.contains("argmax: takes at least one element along axis 1, given was [2, 0]"))
        }
    }
}
