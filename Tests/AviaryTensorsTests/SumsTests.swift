import AviaryTensors
import AviaryTestSupport
import Testing

/// `summed(to:)` against a loop over all elements, whatever axes go away and however the elements lie.
struct SumsTests {
    @Test(
        arguments: [
            ([4, 5], [5]), ([4, 5], [4, 1]), ([4, 5], []), ([4, 5], [1, 1]), ([40, 300], [300]),
            ([2, 3, 4, 5], [3, 1, 1]), ([2, 3, 4, 5], [2, 1, 4, 1]), ([2, 3, 1, 5], [5]), ([1, 3], [3]),
            ([2, 1, 3], [1, 1, 3]), ([0, 3], [3]), ([3, 0], [3, 1]), ([0, 3], [1]), ([0, 3, 2], [3, 1]),
        ], [DType.f64, .f32, .bf16, .f16])
    func `is the sum over the axes that go away`(shapes: (from: [Int], to: [Int]), kind: DType) {
        let (from, to) = shapes
        let values = (0..<from.product).map { Double($0 * 37 % 23 - 11) / 8 }
        let tensor = Tensor(values, shape: from).cast(to: kind)
        var expected = [Double](repeating: 0, count: to.product)
        eachIndex(of: from, from, to) { expected[$1] += values[$0] }
        // Sums of eighths: exact in f64 and f32, rounded once in two bytes.
        let rounded = Tensor(expected, shape: to).cast(to: .f32).cast(to: kind == .f64 ? .f32 : kind).doubles
        let axes = Array(from.indices.reversed())
        let view = tensor.permuted(axes).plain.permuted(axes)
        for source in [tensor, view] {
            let found = source.summed(to: to)
            #expect(found.shape == to && found.dtype == kind)
            #expect(found.doubles == rounded, "\(from) to \(to)")
        }
    }

    @Test(arguments: [DType.f64, .f32, .bf16, .f16])
    func `a sum over axes is the sum to the shape without them`(
        kind: DType
    ) {
        let x = Tensor((0..<24).map { Double($0 * 7 % 11) / 4 }, shape: [2, 3, 4]).cast(to: kind)
        for (axes, kept) in [([0], [1, 3, 4]), ([-1, 0], [1, 3, 1]), ([1], [2, 1, 4]), ([], [2, 3, 4])] {
            let (expected, found) = (x.summed(to: kept), x.sum(over: axes, keepsAxes: true))
            #expect(found.shape == kept && found.dtype == kind)
            #expect(found.doubles == expected.doubles, "over \(axes)")
            let gone = x.sum(over: axes)
            #expect(gone.shape.product == kept.product && gone.shape.count == 3 - axes.count)
            #expect(gone.doubles == expected.doubles, "over \(axes)")
        }
        #expect(Tensor.zeros([0, 2], dtype: kind).sum(over: [0]).doubles == [0, 0])
    }

    @Test func `what does not broadcast to the shape stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([2, 3]).summed(to: [2])
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("sum: shapes [2, 3] and [2] do not fit"))
    }
}
