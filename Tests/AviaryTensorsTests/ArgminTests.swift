import AviaryTensors
import AviaryTestSupport
import Testing

/// Positions of the least elements against PyTorch (`Tests/Oracles/argmin.py`).
struct ArgminTests {
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
        let cases = try fixture("argmin", as: Fixture.self).cases
        #expect(cases.count == 22)
        for expected in cases {
            let x = expected.input.tensor
            let found = x.argmin(axis: expected.axis)
            #expect(found.dtype == .int64 && found.shape == expected.shape, "\(expected.name)")
            #expect(found.values(as: Int64.self) == expected.positions, "\(expected.name)")

            var kept = x.shape
            kept[expected.axis < 0 ? expected.axis + kept.count : expected.axis] = 1
            let keeping = x.argmin(axis: expected.axis, keepsAxis: true)
            #expect(keeping.shape == kept, "\(expected.name): axis kept")
            #expect(keeping.values(as: Int64.self) == expected.positions, "\(expected.name): axis kept")

            // What has its elements in another order in memory.
            let order = Array(x.shape.indices.reversed())
            let view = x.permuted(order).plain.permuted(order)
            #expect(
                view.argmin(axis: expected.axis).values(as: Int64.self) == expected.positions,
                "\(expected.name): a view")
        }
    }

    @Test(arguments: [DType.bf16, .f16]) func `two bytes are compared as they are`(kind: DType) {
        let x = Tensor([2, -1, -1, 0.5] as [Float], shape: [4]).cast(to: kind)
        #expect(x.argmin().values(as: Int64.self) == [1])
        #expect(x.argmax().values(as: Int64.self) == [0])
        #expect(x.minimum(over: [0]).dtype == kind && x.minimum(over: [0]).doubles == [-1])
    }

    @Test func `an axis of no elements stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([2, 0]).argmin(axis: -1)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("argmin: takes at least one element along axis 1, given was [2, 0]"))
    }
}
