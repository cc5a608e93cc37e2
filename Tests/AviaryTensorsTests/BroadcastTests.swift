import AviaryKernels
import AviaryTensors
import AviaryTestSupport
import Testing

/// Elementwise operations on operands that are stretched, and sums back to them, against loops over all indices.
struct BroadcastTests {
    /// A scalar, a row, a column, a channel, an axis in front, both stretched, and none; short rows and long ones.
    static let shapes: [([Int], [Int])] = [
        ([3, 37], []), ([], [3, 37]), ([5, 16], [16]), ([5, 33], [5, 1]), ([5, 1], [5, 33]),
        ([2, 3, 4, 5], [3, 1, 1]), ([2, 3, 17], [3, 17]), ([3, 17], [2, 3, 17]), ([7, 1], [1, 19]),
        ([2, 1, 3, 1], [4, 1, 5]), ([300, 70], [70]), ([1, 1], [1]), ([40_000], [1]), ([4, 6], [4, 6]),
        ([0, 3], [3]), ([2, 3, 1], [2, 1, 2]),
    ]

    @Test(arguments: shapes, [DType.f32, .bf16, .f16])
    func `equal the definition in every kind`(shapes: ([Int], [Int]), kind: DType) throws {
        let (a, b) = (numbers(shapes.0, 1, kind), numbers(shapes.1, 2, kind))
        let shape = try #require(broadcastShape(shapes.0, shapes.1))
        let rules: [(String, Tensor, (Float, Float) -> Float)] = [
            ("add", a.adding(b), { $0 + $1 }), ("subtract", a.subtracting(b), { $0 - $1 }),
            ("multiply", a.multiplying(b), { $0 * $1 }), ("divide", a.dividing(b), { $0 / $1 }),
        ]
        let (left, right) = (a.cast(to: .f32).values(as: Float.self), b.cast(to: .f32).values(as: Float.self))
        for (name, found, rule) in rules {
            var expected: [Float] = []
            eachIndex(of: shape, shapes.0, shapes.1) { expected.append(rule(left[$0], right[$1])) }
            // One rounding to f32, and one to two bytes: the bits are the same.
            let exact = Tensor(expected, shape: shape).cast(to: kind)
            #expect(found.shape == shape && found.dtype == kind, "\(name) of \(shapes)")
            #expect(found.doubles == exact.doubles, "\(name) of \(shapes) in \(kind)")
        }
    }

    @Test(arguments: [DType.f32, .bf16])
    func `multiples keep their layout and their kind`(kind: DType) {
        let image = numbers([2, 5, 3, 3], 3, kind)
        let scaled = image.channelBlocked.scaled(by: 0.3)
        #expect(scaled.layout == image.channelBlocked.layout && scaled.dtype == kind)
        let exact = image.cast(to: .f32).values(as: Float.self).map { $0 * Float(0.3) }
        #expect(scaled.doubles == Tensor(exact, shape: image.shape).cast(to: kind).doubles)
    }

    /// Along the last axes, all, some in front as well, none that is last; a row of several stretches.
    static let sums: [([Int], [Int])] = [
        ([3, 37], [3, 1]), ([3, 37], []), ([3, 37], [1, 1]), ([2, 3, 4, 5], [3, 1, 1]),
        ([2, 3, 17], [2, 3, 1]),
        ([2, 3, 17], [1, 3, 1]), ([5, 16], [16]), ([2, 20_000], [2, 1]), ([30_000], []),
        ([2, 3, 1], [2, 1, 1]),
        ([0, 3], []), ([4, 1], [4, 1]),
    ]

    @Test(arguments: sums, [DType.f32, .bf16, .f16])
    func `sums go back to the shape of the operand`(shapes: ([Int], [Int]), kind: DType) {
        let (source, target) = (numbers(shapes.0, 4, kind), shapes.1)
        var expected = [Double](repeating: 0, count: target.product)
        let values = source.doubles
        eachIndex(of: shapes.0, shapes.0, target) { expected[$1] += values[$0] }
        let found = source.summed(to: target)
        #expect(found.shape == target && found.dtype == kind)
        // In double precision the order does not show after rounding, but where a sum lies between two numbers.
        expectClose(
            found.doubles, Tensor(expected, shape: target).cast(to: kind).doubles,
            within: kind == .f32 ? 1e-7 : 1e-2, "\(shapes.0) to \(target) in \(kind)")
    }

    @Test func `a sum depends on no number of threads and keeps small parts`() {
        var values = [Float](repeating: 1e-3, count: 100_000)
        values[50_000] = 1e6
        let tensor = Tensor(values, shape: [100_000])
        let sums = Set(
            [1, 2, 3].map { threads in
                Parallel.withThreadCount(threads) { tensor.summed(to: []).scalar }
            })
        #expect(sums == [Double(Float(1e6 + 99_999 * Double(Float(1e-3))))])
    }

    /// None is 0, so that quotients are numbers.
    private func numbers(_ shape: [Int], _ seed: Int, _ kind: DType) -> Tensor {
        let values = (0..<shape.product).map { i in
            Float((i * 7919 + seed * 104_729 + i * i % 31 * 613) % 2003) / 1001.5 + 0.25
        }
        return Tensor(values, shape: shape).cast(to: kind)
    }
}
