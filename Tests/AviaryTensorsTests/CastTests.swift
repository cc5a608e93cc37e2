import AviaryTensors
import AviaryTestSupport
import Testing

/// Element kinds against PyTorch, bit by bit (`Tests/Oracles/casts.py`).
struct CastTests {
    private struct Fixture: Decodable {
        let bits: [UInt32]
        let bf16, f16: [UInt16]
        let finite: [Double]
        let cutOff, integers: [Int64]
        let int32: [Int32]
        let int8: [Int8]
        let uint8: [UInt8]
        let bool: [Int]
    }

    private let expected: Fixture

    init() throws {
        expected = try fixture("casts", as: Fixture.self)
    }

    private var numbers: Tensor {
        Tensor(expected.bits.map { Float(bitPattern: $0) }, shape: [expected.bits.count])
    }

    @Test func `singles are rounded to two bytes as in PyTorch`() {
        let brain = numbers.cast(to: .bf16).values(as: BFloat16.self)
        #expect(brain.map(\.bitPattern) == expected.bf16)
        #expect(brain == numbers.values(as: Float.self).map { BFloat16($0) })
        let half = numbers.cast(to: .f16).values(as: Float16.self)
        #expect(half.map(\.bitPattern) == expected.f16)
        #expect(half == numbers.values(as: Float.self).map { Float16($0) })
    }

    @Test(arguments: [DType.bf16, .f16])
    func `two bytes become singles exactly, and rounding in place is there and back`(kind: DType) {
        // Lengths around the vectors' width: whole vectors, and what is left of them.
        for count in [1, 7, 8, 9, 26] {
            let part = Tensor(Array(numbers.values(as: Float.self).prefix(count)), shape: [count])
            let narrow = part.cast(to: kind)
            #expect(narrow.dtype == kind)
            let back = narrow.cast(to: .f32).values(as: Float.self)
            #expect(narrow.cast(to: .f64).values(as: Double.self) == back.map { Double($0) })
            #expect(bits(Tensor(back, shape: [count]).cast(to: kind)) == bits(narrow))
            #expect(part.rounded(to: kind).values(as: Float.self) == back)
        }
    }

    private func bits(_ tensor: Tensor) -> [UInt16] {
        tensor.dtype == .bf16
            ? tensor.values(as: BFloat16.self).map(\.bitPattern)
            : tensor.values(as: Float16.self).map(\.bitPattern)
    }

    @Test func `NaN stays NaN`() {
        let nan = Tensor([Float.nan, Float(bitPattern: 0x7F80_0001), -Float.nan], shape: [3])
        for kind in [DType.bf16, .f16, .f64] {
            #expect(nan.cast(to: kind).cast(to: .f32).values(as: Float.self).allSatisfy { $0.isNaN })
        }
        #expect(nan.cast(to: .int64).values(as: Int64.self) == [0, 0, 0])
        #expect(nan.cast(to: .bool).values(as: Bool.self) == [true, true, true])
    }

    @Test func `reals lose their fraction, and stop at an integer's ends`() {
        let reals = Tensor(expected.finite, shape: [expected.finite.count])
        #expect(reals.cast(to: .int64).values(as: Int64.self) == expected.cutOff)
        let wild = Tensor([1e30, -1e30, 300, -300] as [Double], shape: [4])
        #expect(wild.cast(to: .int64).values(as: Int64.self) == [.max, .min, 300, -300])
        #expect(wild.cast(to: .int32).values(as: Int32.self) == [.max, .min, 300, -300])
        #expect(wild.cast(to: .int8).values(as: Int8.self) == [127, -128, 127, -128])
        #expect(wild.cast(to: .uint8).values(as: UInt8.self) == [255, 0, 255, 0])
    }

    @Test func `integers keep their low bits`() {
        let whole = Tensor(expected.integers, shape: [3, 4])
        #expect(whole.cast(to: .int32).values(as: Int32.self) == expected.int32)
        #expect(whole.cast(to: .int8).values(as: Int8.self) == expected.int8)
        #expect(whole.cast(to: .uint8).values(as: UInt8.self) == expected.uint8)
        #expect(whole.cast(to: .bool).values(as: Bool.self) == expected.bool.map { $0 == 1 })
        #expect(
            whole.cast(to: .bool).cast(to: .int64).values(as: Int64.self) == expected.bool.map(Int64.init))
        #expect(whole.cast(to: .f64).shape == [3, 4])
    }

    @Test(arguments: DType.allCases)
    func `every kind has zeros, its number of bytes and a scalar`(kind: DType) {
        let zeros = Tensor.zeros([2, 3], dtype: kind)
        #expect(zeros.dtype == kind && zeros.count == 6)
        #expect(Tensor(repeating: 1.0, shape: []).cast(to: kind).scalar == 1)
        #expect(zeros.cast(to: .f64).values(as: Double.self) == [Double](repeating: 0, count: 6))
    }
}
