import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Functions of each element, choices, repetitions, comparisons, orders (`Tests/Oracles/elementwise.py`).
struct ElementwiseTests {
    struct Whole: Decodable {
        let shape: [Int]
        let numbers: [Int64]
        func tensor(_ dtype: String) throws -> Tensor {
            Tensor(numbers, shape: shape).cast(to: try #require(DType(rawValue: dtype)))
        }
    }

    struct Attributes: Decodable {
        var low, high: Double?
        var counts: [Int]?
        var count, axis: Int?
        var descending: Bool?
        var indices: Whole?
    }

    typealias Case = OperationCase<Attributes>

    struct Mask: Decodable {
        let operation, dtype: String
        let left, right, expected: Whole
    }

    struct WholeCase: Decodable {
        let operation, dtype: String
        let axis: Int
        let descending: Bool?
        let classes: Int?
        let input, expected: Whole
        let positions: Whole?
    }

    struct Made: Decodable {
        let operation: String
        let first, end, step: Int
        let expected: Whole?
        let spaced: FixtureTensor?
    }

    private struct Fixture: Decodable {
        let cases: [Case]
        let masks: [Mask]
        let whole: [WholeCase]
        let made: [Made]
    }

    private func known() throws -> Fixture { try fixture("elementwise", as: Fixture.self) }

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        let cases = try known().cases
        #expect(cases.count > 80)
        try OperationCheck(cases) { try apply($0, $1) }.run()
    }

    private func apply(_ example: Case, _ x: [Variable]) throws -> OperationAnswer {
        let a = example.attributes
        switch example.operation {
        case "sort":
            let found = x[0].sorted(isDescending: a.descending == true, axis: try #require(a.axis))
            return OperationAnswer(found.values, further: [found.indices])
        case "topK":
            let found = x[0].topK(try #require(a.count), axis: try #require(a.axis))
            return OperationAnswer(found.values, further: [found.indices])
        case "tile", "repeat", "roll", "splitInto", "scatter": return OperationAnswer(try rearrange(example, x))
        default: return OperationAnswer(try choose(example, x))
        }
    }

    private func rearrange(_ example: Case, _ x: [Variable]) throws -> Variable {
        let a = example.attributes
        switch example.operation {
        case "tile": return x[0].tiled(try #require(a.counts))
        case "repeat": return x[0].repeated(try #require(a.count), axis: try #require(a.axis))
        case "roll": return x[0].rolled(by: try #require(a.count), axis: try #require(a.axis))
        case "splitInto":
            let parts = x[0].split(into: try #require(a.count), axis: try #require(a.axis))
            return parts[0] * parts[2]
        case "scatter":
            let indices = try #require(a.indices).tensor("int64")
            return x[0].scatter(axis: try #require(a.axis), indices: indices, source: x[1])
        default: throw UnknownOperation(example.operation)
        }
    }

    private func choose(_ example: Case, _ x: [Variable]) throws -> Variable {
        switch example.operation {
        case "absolute": return x[0].absolute
        case "sine": return x[0].sine
        case "cosine": return x[0].cosine
        case "squareRoot": return x[0].squareRoot
        case "reciprocalSquareRoot": return x[0].reciprocalSquareRoot
        case "maximum": return maximum(x[0], x[1])
        case "minimum": return minimum(x[0], x[1])
        case "clamp":
            switch (example.attributes.low, example.attributes.high) {
            case (let low?, let high?): return x[0].clamped(to: low...high)
            case (let low?, nil): return x[0].clamped(to: low...)
            case (nil, let high): return x[0].clamped(to: ...(try #require(high)))
            }
        default: throw UnknownOperation(example.operation)
        }
    }

    @Test func `masks equal PyTorch's`() throws {
        let masks = try known().masks
        #expect(masks.count > 80)
        for example in masks {
            let (a, b) = (try example.left.tensor(example.dtype), try example.right.tensor(example.dtype))
            let found = try compare(example.operation, a, b)
            let name = "\(example.operation) of \(example.dtype), \(a.shape) and \(b.shape)"
            #expect(found.dtype == .bool, "\(name)")
            #expect(found.shape == example.expected.shape, "\(name)")
            #expect(found.cast(to: .int64).values(as: Int64.self) == example.expected.numbers, "\(name)")
        }
    }

    private func compare(_ operation: String, _ a: Tensor, _ b: Tensor) throws -> Tensor {
        switch operation {
        case "equal": return a .== b
        case "unequal": return a .!= b
        case "below": return a .< b
        case "atMost": return a .<= b
        case "above": return a .> b
        case "atLeast": return a .>= b
        case "and": return a .& b
        case "or": return a .| b
        case "not": return .!a
        default: throw UnknownOperation(operation)
        }
    }

    @Test func `whole numbers are ordered and added up as PyTorch does`() throws {
        let cases = try known().whole
        #expect(cases.count > 50)
        for example in cases {
            let x = Pass(.evaluation).input(try example.input.tensor(example.dtype))
            let name = "\(example.operation) of \(example.dtype), \(x.shape)"
            let found: Tensor
            switch example.operation {
            case "sort":
                let order = x.sorted(isDescending: example.descending == true, axis: example.axis)
                found = order.values.tensor
                #expect(found.dtype == x.tensor.dtype, "\(name)")
                let positions = try #require(example.positions).numbers
                #expect(order.indices.values(as: Int64.self) == positions, "\(name): positions")
            case "cumulativeSum":
                found = x.cumulativeSum(axis: example.axis).tensor
                #expect(found.dtype == .int64, "\(name)")
            case "oneHot": found = x.tensor.oneHot(classes: try #require(example.classes), dtype: .int64)
            default: throw UnknownOperation(example.operation)
            }
            #expect(found.shape == example.expected.shape, "\(name)")
            #expect(found.cast(to: .int64).values(as: Int64.self) == example.expected.numbers, "\(name)")
        }
    }

    @Test func `ranges and even spacing equal PyTorch's`() throws {
        for example in try known().made {
            if let expected = example.expected {
                let found = Tensor.range(example.first..<example.end, by: example.step)
                #expect(found.shape == expected.shape)
                #expect(found.values(as: Int64.self) == expected.numbers)
            } else {
                let found = Tensor.evenlySpaced(
                    from: Double(example.first), through: Double(example.end), count: example.step,
                    dtype: .f64)
                try #require(example.spaced).isClose(to: found, within: 1e-15, "evenly spaced")
            }
        }
        #expect(Tensor.range(2..<4, dtype: .f32).values(as: Float.self) == [2, 3])
        #expect(Tensor.evenlySpaced(from: 0, through: 1, count: 3).values(as: Float.self) == [0, 0.5, 1])
    }
}

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
