import AviaryTensors
import AviaryTestSupport
import Testing

/// Positions of the greatest and of the least elements against PyTorch (`Tests/Oracles/extreme_positions.py`).
struct ExtremePositionTests {
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

    private func position(_ operation: String, _ x: Tensor, axis: Int, keepsAxis: Bool = false) -> Tensor {
        operation == "argmax"
            ? x.argmax(axis: axis, keepsAxis: keepsAxis) : x.argmin(axis: axis, keepsAxis: keepsAxis)
    }

    @Test(arguments: [("argmax", 42), ("argmin", 22)])
    func `positions are PyTorch's, of equals and of NaN the first`(operation: String, count: Int) throws {
        let cases = try fixture(operation, as: Fixture.self).cases
        #expect(cases.count == count)
        for expected in cases {
            let x = expected.input.tensor
            let found = position(operation, x, axis: expected.axis)
            #expect(found.dtype == .int64 && found.shape == expected.shape, "\(expected.name)")
            #expect(found.values(as: Int64.self) == expected.positions, "\(expected.name)")

            var kept = x.shape
            kept[expected.axis < 0 ? expected.axis + kept.count : expected.axis] = 1
            let keeping = position(operation, x, axis: expected.axis, keepsAxis: true)
            #expect(keeping.shape == kept, "\(expected.name): axis kept")
            #expect(keeping.values(as: Int64.self) == expected.positions, "\(expected.name): axis kept")

            // What has its elements in another order in memory.
            let order = Array(x.shape.indices.reversed())
            let view = x.permuted(order).plain.permuted(order)
            #expect(
                position(operation, view, axis: expected.axis).values(as: Int64.self) == expected.positions,
                "\(expected.name): a view")
            guard operation == "argmax", x.shape.count == 2, expected.axis == 1, x.count > 0 else { continue }
            #expect(x.argmaxOfRows == expected.positions.map { Int($0) }, "\(expected.name): rows")
        }
    }

    @Test(arguments: [DType.bf16, .f16]) func `two bytes are compared as they are`(kind: DType) {
        let x = Tensor([2, -1, -1, 0.5] as [Float], shape: [4]).cast(to: kind)
        #expect(x.argmin().values(as: Int64.self) == [1])
        #expect(x.argmax().values(as: Int64.self) == [0])
        #expect(x.minimum(over: [0]).dtype == kind && x.minimum(over: [0]).doubles == [-1])
    }

    @Test func `an axis of no elements stops the program, and so do rows of none`() async throws {
        let least = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([2, 0]).argmin(axis: -1)
        }
        let greatest = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([2, 0]).argmax(axis: 1)
        }
        let rows = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([2, 0]).argmaxOfRows
        }
        for (result, operation) in [(least, "argmin"), (greatest, "argmax"), (rows, "argmax")] {
            let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
            #expect(
                text.contains("\(operation): takes at least one element along axis 1, given was [2, 0]"))
        }
    }
}
