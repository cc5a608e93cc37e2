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
        #expect(cases.count == 115)
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
        case "tile", "repeat", "roll", "splitInto", "scatter":
            return OperationAnswer(try rearrange(example, x))
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
            let indices = try #require(a.indices).tensor("int64").constant
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
                // Step, product and sum are rounded to 1.1e-16 each, and PyTorch may fuse the last two.
                try #require(example.spaced).isClose(to: found, within: 1e-15, "evenly spaced")
            }
        }
        #expect(Tensor.range(2..<4, dtype: .f32).values(as: Float.self) == [2, 3])
        #expect(Tensor.evenlySpaced(from: 0, through: 1, count: 3).values(as: Float.self) == [0, 0.5, 1])
    }
}
