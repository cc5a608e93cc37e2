import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// What is particular: NaN, numbers beside tensors, kinds that are moved only, and the messages of mistakes.
struct ElementwiseParticularsTests {
    private func message(_ result: ExitTest.Result?) throws -> String {
        String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }

    @Test func `NaN is the greater and the lesser, stays where it is clamped, and equals nothing`() {
        let pass = Pass(.training)
        let x = pass.input(Tensor([1, .nan, 3] as [Double], shape: [3]), needsGradient: true)
        let y = pass.input(Tensor([Double.nan, 2, 2], shape: [3]))
        for chosen in [maximum(x, y), minimum(x, y)] {
            #expect(chosen.tensor.doubles.map(\.isNaN) == [true, true, false])
        }
        let clamped = x.clamped(to: 0...2)
        #expect(clamped.tensor.doubles.map(\.isNaN) == [false, true, false])
        #expect(clamped.sum.backward()[x]?.doubles == [1, 0, 0])
        #expect((x.tensor .== x.tensor).values(as: Bool.self) == [true, false, true])
        #expect((x.tensor .!= x.tensor).values(as: Bool.self) == [false, true, false])
        #expect((x.tensor .< y.tensor).values(as: Bool.self) == [false, false, false])
    }

    @Test func `beside NaN both get the gradient, as in PyTorch`() {
        let pass = Pass(.training)
        let x = pass.input(Tensor([Double.nan, 1], shape: [2]), needsGradient: true)
        let y = pass.input(Tensor([2.0, 1], shape: [2]), needsGradient: true)
        let gradients = maximum(x, y).backward(from: Tensor([4.0, 4], shape: [2]))
        #expect(gradients[x]?.doubles == [4, 2])
        #expect(gradients[y]?.doubles == [4, 2])
    }

    @Test func `NaN stands last, or first where the order descends, along any axis`() {
        let x = Pass(.evaluation).input(Tensor([.nan, 1, .nan, 0] as [Float], shape: [4, 1]))
        #expect(x.sorted(axis: 0).indices.values(as: Int64.self) == [3, 1, 0, 2])
        #expect(x.sorted(isDescending: true, axis: 0).indices.values(as: Int64.self) == [0, 2, 1, 3])
        #expect(x.topK(3, axis: -2).indices.values(as: Int64.self) == [0, 2, 1])
    }

    @Test func `a number beside whole elements is taken as it is`() {
        let bytes = Tensor([1, 2, 3] as [Int8], shape: [3])
        #expect((bytes .< 2.5).values(as: Bool.self) == [true, true, false])
        #expect((bytes .< 300).values(as: Bool.self) == [true, true, true])
        #expect((bytes .== 2).values(as: Bool.self) == [false, true, false])
        let large = Tensor([1 << 53, 1 << 53 + 1] as [Int64], shape: [2])
        #expect((large .== 0x1p53).values(as: Bool.self) == [true, false])
        #expect((Tensor([0.1 as Float], shape: [1]) .== 0.1).values(as: Bool.self) == [true])
    }

    @Test func `numbers of two bytes are compared, ordered and added up`() {
        let x = Tensor([2.5, -1, 2.5] as [Float], shape: [3])
        for kind in [DType.bf16, .f16] {
            let y = x.cast(to: kind)
            #expect((y .> 0).values(as: Bool.self) == [true, false, true])
            let order = Pass(.evaluation).input(y).sorted()
            #expect(order.indices.values(as: Int64.self) == [1, 0, 2])
            #expect(order.values.tensor.dtype == kind)
            let sums = y.cumulativeSum(axis: 0)
            #expect(sums.dtype == kind)
            #expect(sums.cast(to: .f32).values(as: Float.self) == [2.5, 1.5, 4])
        }
    }

    @Test func `truth values and bytes are scattered, tiled and rolled as they are`() {
        let pass = Pass(.evaluation)
        let mask = pass.input(Tensor([true, false, true], shape: [3]))
        #expect(mask.tiled([2]).tensor.values(as: Bool.self) == [true, false, true, true, false, true])
        #expect(mask.rolled(by: 1, axis: 0).tensor.values(as: Bool.self) == [true, true, false])
        let bytes = pass.input(Tensor([1, 2, 3] as [UInt8], shape: [3]))
        let source = pass.input(Tensor([9] as [UInt8], shape: [1]))
        let indices = Tensor([1] as [Int64], shape: [1])
        let found = bytes.scatter(axis: 0, indices: indices, source: source)
        #expect(found.tensor.values(as: UInt8.self) == [1, 9, 3])
    }

    @Test func `a comparison of two kinds stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let mask = Tensor.zeros([2]) .< Tensor.zeros([2], dtype: .f64)
            _ = mask
        }
        #expect(try message(result).contains("is below with f32: takes f32, given was f64"))
    }

    @Test func `shapes that do not fit a comparison stop the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let mask = Tensor.zeros([2, 3]) .== Tensor.zeros([2])
            _ = mask
        }
        #expect(try message(result).contains("is equal: shapes [2, 3] and [2] do not fit"))
    }

    @Test func `logic of numbers stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = .!Tensor.zeros([2])
        }
        #expect(try message(result).contains("not: takes bool, uint8, given was f32"))
    }

    @Test func `an index outside a one-hot row stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor([0, 4] as [Int64], shape: [2]).oneHot(classes: 4)
        }
        #expect(try message(result).contains("one-hot: index 4 along an axis of 4"))
    }

    @Test func `parts that are not equal stop the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Pass(.training).input(.zeros([2, 5])).split(into: 2, axis: 1)
        }
        #expect(
            try message(result).contains(
                "split into 2: takes an axis 1 that has that many equal parts, given was [2, 5]"))
    }

    @Test func `shapes that do not fit maximum stop the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            _ = maximum(pass.input(.zeros([2, 3])), pass.input(.zeros([2])))
        }
        #expect(try message(result).contains("maximum: shapes [2, 3] and [2] do not fit"))
    }
}
