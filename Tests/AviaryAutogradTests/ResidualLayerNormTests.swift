import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Layer norms of a residual sum: against PyTorch without dropout (`Tests/Oracles/residual_norms.py`), and with it
/// against their parts.
struct ResidualLayerNormTests {
    struct Attributes: Decodable {
        let epsilon: Double
        let hasWeight, hasBias: Bool
    }

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        let cases = try fixture("residual_norms", as: OperationCases<Attributes>.self).cases
        #expect(cases.count == 40)
        try OperationCheck(cases) { OperationAnswer(try apply($0, $1)) }.run()
    }

    private func apply(_ example: OperationCase<Attributes>, _ x: [Variable]) throws -> Variable {
        let a = example.attributes
        let (weight, bias) = (a.hasWeight ? x[2] : nil, a.hasBias ? x.last : nil)
        switch example.operation {
        case "residualLayerNorm":
            return residualLayerNorm(x[0], residual: x[1], weight: weight, bias: bias, epsilon: a.epsilon)
        case "residualSumAndLayerNorm":
            let both = residualSumAndLayerNorm(
                x[0], residual: x[1], weight: weight, bias: bias, epsilon: a.epsilon)
            return concatenate([both.sum, both.normalised], axis: x[0].shape.count - 1)
        default: throw UnknownOperation(example.operation)
        }
    }

    /// Each number twice rounded more than the fused form does: in f64 that shows nowhere.
    @Test(arguments: [(DType.f64, 1e-13), (.f32, 2e-6)], [0, 0.1, 0.5, 1])
    func `equals its parts with the same dropout`(kind: (DType, Double), probability: Double) throws {
        let fused = try outcome(kind.0, kind.0) { x, residual, weight, bias in
            residualLayerNorm(x, residual: residual, dropout: probability, weight: weight, bias: bias)
        }
        let parts = try outcome(kind.0, kind.0) { x, residual, weight, bias in
            layerNorm(residual + dropout(x, probability: probability), weight: weight, bias: bias)
        }
        for (index, (found, expected)) in zip(fused, parts).enumerated() {
            #expect(found.dtype == kind.0)
            expectClose(found.doubles, expected.doubles, within: kind.1, "\(probability), result \(index)")
        }
        let isDropping = probability > 0 && probability < 1
        #expect(parts[1].doubles.contains(0) == (probability > 0))
        #expect(parts[1].doubles.contains { $0 != 0 } == (isDropping || probability == 0))
    }

    /// The sum goes on beside its norm, as in a layer that normalises first, and takes its own gradient back.
    @Test(arguments: [(DType.f64, 1e-13), (.f32, 2e-6)])
    func `the form with the sum equals its parts`(kind: (DType, Double)) throws {
        let fused = try outcome(kind.0, kind.0) { x, residual, weight, bias in
            let both = residualSumAndLayerNorm(
                x, residual: residual, dropout: 0.3, weight: weight, bias: bias)
            return both.sum * both.sum + both.normalised * both.normalised * both.sum
        }
        let parts = try outcome(kind.0, kind.0) { x, residual, weight, bias in
            let sum = residual + dropout(x, probability: 0.3)
            let normalised = layerNorm(sum, weight: weight, bias: bias)
            return sum * sum + normalised * normalised * sum
        }
        for (index, (found, expected)) in zip(fused, parts).enumerated() {
            expectClose(found.doubles, expected.doubles, within: kind.1, "result \(index)")
        }
    }

    @Test(arguments: [true, false])
    func `one of the two results may be left alone`(takesSum: Bool) throws {
        let alone = try outcome(.f64, .f64) { x, residual, weight, bias in
            let both = residualSumAndLayerNorm(
                x, residual: residual, dropout: 0.3, weight: weight, bias: bias)
            // Scale and shift are asked for a gradient: without the norm it is 0.
            return takesSum ? both.sum : both.normalised
        }
        let parts = try outcome(.f64, .f64) { x, residual, weight, bias in
            let sum = residual + dropout(x, probability: 0.3)
            return takesSum ? sum + weight * 0 + bias * 0 : layerNorm(sum, weight: weight, bias: bias)
        }
        for (index, (found, expected)) in zip(alone, parts).enumerated() {
            expectClose(found.doubles, expected.doubles, within: 1e-13, "result \(index)")
        }
    }

    /// Two bytes beside a stream of four: computed as if all were f32, and only the gradient of what is narrow is rounded.
    @Test(arguments: [(DType.bf16, DType.f32), (.f32, .bf16), (.f16, .f32)])
    func `kinds may differ, and the wider one's numbers are not rounded`(x: DType, residual: DType) throws {
        func norm(_ widened: Bool) throws -> [Tensor] {
            try outcome(x, residual) { x, residual, weight, bias in
                residualLayerNorm(
                    widened ? x.cast(to: .f32) : x, residual: widened ? residual.cast(to: .f32) : residual,
                    dropout: 0.3, weight: weight, bias: bias)
            }
        }
        let (mixed, wide) = (try norm(false), try norm(true))
        #expect(mixed[0].dtype == .f32 && mixed[1].dtype == x && mixed[2].dtype == residual)
        for (index, (found, expected)) in zip(mixed, wide).enumerated() {
            #expect(found.dtype == expected.dtype)
            expectClose(found.doubles, expected.doubles, within: 1e-6, "result \(index)")
        }
    }

    @Test func `evaluation drops nothing, and draws nothing`() {
        let pass = Pass(.evaluation)
        let (x, residual) = (pass.input(numbers([3, 7], "x")), pass.input(numbers([3, 7], "residual")))
        let fused = residualLayerNorm(x, residual: residual, dropout: 0.9)
        expectClose(fused.tensor.doubles, layerNorm(x + residual).tensor.doubles, within: 1e-6, "output")
        let both = residualSumAndLayerNorm(x, residual: residual, dropout: 0.9)
        #expect(both.sum.tensor.doubles == (x + residual).tensor.doubles)
        #expect(both.normalised.tensor.doubles == fused.tensor.doubles)
    }

    @Test func `shapes that do not fit and a wrong probability stop the program`() async throws {
        let shapes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            _ = residualLayerNorm(pass.input(.zeros([2, 3])), residual: pass.input(.zeros([3])))
        }
        let first = String(decoding: try #require(shapes).standardErrorContent, as: UTF8.self)
        #expect(first.contains("layer norm's residual: shapes [2, 3] and [3] do not fit"))
        let probability = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Pass(.training).input(.zeros([2, 3]))
            _ = residualLayerNorm(x, residual: x, dropout: -0.1)
        }
        let second = String(decoding: try #require(probability).standardErrorContent, as: UTF8.self)
        #expect(second.contains("layer norm's dropout: takes a probability of 0 to 1, given was -0.1"))
    }

    /// Output and the gradients by x, residual, scale and shift, all with one seed; rows of an odd length.
    private func outcome(
        _ x: DType, _ residual: DType, _ operation: ([Variable]) -> Variable
    ) throws -> [Tensor] {
        let shape = [3, 11, 7]
        let kind: DType = x == .f64 ? .f64 : .f32
        let pass = Pass(.training, seed: 9, step: 4)
        let inputs = [
            numbers(shape, "x").cast(to: x), numbers(shape, "residual").cast(to: residual),
            numbers([7], "weight").cast(to: kind), numbers([7], "bias").cast(to: kind),
        ].map { pass.input($0, needsGradient: true) }
        let output = operation(inputs)
        let gradients = output.backward(from: numbers(shape, "upstream").cast(to: output.tensor.dtype))
        return [output.tensor] + (try inputs.map { try #require(gradients[$0]) })
    }

    private func outcome(
        _ x: DType, _ residual: DType, _ operation: (Variable, Variable, Variable, Variable) -> Variable
    ) throws -> [Tensor] {
        try outcome(x, residual) { operation($0[0], $0[1], $0[2], $0[3]) }
    }

    private func numbers(_ shape: [Int], _ name: String) -> Tensor {
        var stream = RandomStream(seed: 6, name: name)
        return stream.normalTensor(shape, deviation: 1)
    }
}
