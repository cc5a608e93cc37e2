import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Sums, extrema, positions and arithmetic of whole numbers and truth values (`Tests/Oracles/whole_numbers.py`).
struct WholeNumberTests {
    struct Whole: Decodable {
        let shape: [Int]
        let numbers: [Int64]
        let dtype: String

        func tensor() throws -> Tensor {
            Tensor(numbers, shape: shape).cast(to: try #require(DType(rawValue: dtype)))
        }
    }

    struct Reduced: Decodable {
        let operation: String
        let axes: [Int]
        let keepsAxes: Bool
        let input, expected: Whole
    }

    struct Position: Decodable {
        let operation: String
        let axis: Int
        let input, expected: Whole
    }

    struct Pair: Decodable {
        let operation: String
        let left, right, expected: Whole
    }

    private struct Fixture: Decodable {
        let reductions: [Reduced]
        let positions: [Position]
        let arithmetic: [Pair]
    }

    private func known() throws -> Fixture { try fixture("whole_numbers", as: Fixture.self) }

    private func expect(_ found: Tensor, _ expected: Whole, _ name: String) {
        #expect(found.dtype.rawValue == expected.dtype, "\(name): kind")
        #expect(found.shape == expected.shape, "\(name): shape")
        #expect(found.cast(to: .int64).values(as: Int64.self) == expected.numbers, "\(name)")
    }

    /// The same elements in memory of their own, and as a view: ones between them, axes in the opposite order.
    private func forms(of whole: Whole) throws -> [Tensor] {
        let tensor = try whole.tensor()
        let turned = Array(tensor.shape.indices.reversed())
        let far = Pass(.evaluation).input(tensor.permuted(turned).plain)
        let apart = turned.reduce(far) { x, axis in
            var doubled = x.shape
            doubled[axis] *= 2
            let ones = x.pass.input(.filled(x.shape, with: 1, dtype: tensor.dtype))
            return stack([x, ones], axis: axis + 1).reshaped(doubled)
        }
        let view = apart.sliced(apart.shape.map { .range(0..<$0, step: 2) }).permuted(turned).tensor
        return [tensor, view]
    }

    @Test func `sums and extrema are PyTorch's, of tensors and variables, wherever they lie`() throws {
        let cases = try known().reductions
        #expect(cases.count == 149)
        for example in cases {
            let (axes, keeps) = (example.axes, example.keepsAxes)
            for x in try forms(of: example.input) {
                let variable = Pass(.training).input(x)
                let name = "\(example.operation) of \(x.dtype) \(x.shape) over \(axes)"
                let found: (Tensor, Variable)
                switch example.operation {
                case "sum":
                    found = (x.sum(over: axes, keepsAxes: keeps), variable.sum(over: axes, keepsAxes: keeps))
                case "max":
                    found = (
                        x.maximum(over: axes, keepsAxes: keeps), variable.max(over: axes, keepsAxes: keeps)
                    )
                case "min":
                    found = (
                        x.minimum(over: axes, keepsAxes: keeps), variable.min(over: axes, keepsAxes: keeps)
                    )
                default: throw UnknownOperation(example.operation)
                }
                expect(found.0, example.expected, name)
                expect(found.1.tensor, example.expected, "\(name), a variable")
                #expect(!found.1.needsGradient, "\(name)")
            }
        }
    }

    @Test func `positions are PyTorch's, of equals the first, wherever the elements lie`() throws {
        let cases = try known().positions
        #expect(cases.count == 70)
        for example in cases {
            for x in try forms(of: example.input) {
                let name = "\(example.operation) of \(x.dtype) \(x.shape) along \(example.axis)"
                switch example.operation {
                case "argmax": expect(x.argmax(axis: example.axis), example.expected, name)
                case "argmin": expect(x.argmin(axis: example.axis), example.expected, name)
                default: throw UnknownOperation(example.operation)
                }
            }
        }
    }

    @Test func `sums, differences and products are PyTorch's and wrap around`() throws {
        let cases = try known().arithmetic
        #expect(cases.count == 88)
        let rows = Tensor([0, 2, 1, 0, 0, 2, 2, 1] as [Int64], shape: [2, 4])
        for example in cases {
            for (a, b) in zip(try forms(of: example.left), try forms(of: example.right)) {
                let pass = Pass(.training)
                let (x, y) = (pass.input(a), pass.input(b))
                let name = "\(example.operation) of \(a.dtype), \(a.shape) and \(b.shape)"
                let found: (Tensor, Variable)
                switch example.operation {
                case "add": found = (a.adding(b), x + y)
                case "subtract": found = (a.subtracting(b), x - y)
                case "multiply": found = (a.multiplying(b), x * y)
                case "scatterAdd":
                    found = (
                        a.scatterAdded(axis: 0, indices: rows, source: b),
                        x.scatterAdd(axis: 0, indices: rows, source: y)
                    )
                default: throw UnknownOperation(example.operation)
                }
                expect(found.0, example.expected, name)
                expect(found.1.tensor, example.expected, "\(name), variables")
                #expect(!found.1.needsGradient, "\(name)")
            }
        }
    }

    @Test func `a whole number beside whole numbers is one of their kind`() {
        let x = Pass(.evaluation).input(Tensor([1, -128, 127] as [Int8], shape: [3]))
        #expect((x + 2).tensor.values(as: Int8.self) == [3, -126, -127])
        #expect((x - 1).tensor.values(as: Int8.self) == [0, 127, 126])
        #expect((x * 2).tensor.values(as: Int8.self) == [2, 0, -2])
        #expect((2 * x).tensor.values(as: Int8.self) == [2, 0, -2])
        #expect((-x).tensor.values(as: Int8.self) == [-1, -128, -127])
    }

    private static let mistakes: [(text: String, run: @Sendable (Pass) -> Void)] = [
        (
            "mean: takes f32, f64, bf16, f16, given was int64",
            { _ = $0.input(.zeros([3], dtype: .int64)).mean(over: [0]) }
        ),
        (
            "divide: takes f32, f64, bf16, f16, given was int32",
            { pass in
                let x = pass.input(.zeros([3], dtype: .int32))
                _ = x / x
            }
        ),
        (
            "divide: takes f32, f64, bf16, f16, given was uint8",
            { _ = $0.input(.zeros([3], dtype: .uint8)) / 2 }
        ),
        (
            "divide: takes f32, f64, bf16, f16, given was int8",
            { _ in _ = Tensor.zeros([3], dtype: .int8).dividing(.zeros([3], dtype: .int8)) }
        ),
        (
            "add: takes f32, f64, bf16, f16, int64, int32, int8, uint8, given was bool",
            { pass in
                let x = pass.input(.zeros([3], dtype: .bool))
                _ = x + x
            }
        ),
        (
            "subtract: takes f32, f64, bf16, f16, int64, int32, int8, uint8, given was bool",
            { _ in _ = Tensor.zeros([3], dtype: .bool).subtracting(.zeros([3], dtype: .bool)) }
        ),
        (
            "multiply: takes f32, f64, bf16, f16, int64, int32, int8, uint8, given was bool",
            { _ = $0.input(.zeros([3], dtype: .bool)) * 2 }
        ),
        (
            "add with int64: takes int64, given was int32",
            { _ = $0.input(.zeros([3], dtype: .int64)) + $0.input(.zeros([3], dtype: .int32)) }
        ),
        (
            "a number beside uint8: takes one that it holds, given was 256.0",
            { _ = $0.input(.zeros([3], dtype: .uint8)) + 256 }
        ),
        (
            "a number beside int64: takes one that it holds, given was 0.5",
            { _ = $0.input(.zeros([3], dtype: .int64)) * 0.5 }
        ),
        (
            "an input that needs a gradient: takes f32, f64, bf16, f16, given was int64",
            { _ = $0.input(.zeros([3], dtype: .int64), needsGradient: true) }
        ),
    ]

    @Test(arguments: mistakes.indices)
    func `what whole numbers do not do stops the program`(index: Int) async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            WholeNumberTests.mistakes[index].run(Pass(.training))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains(Self.mistakes[index].text), "\(text)")
    }
}
