import AviaryAutograd
import AviaryTensors
import Testing

/// What one run of an operation gave.
struct OperationOutcome {
    let output: Tensor
    let further: [Tensor]
    /// One for each input; `nil` where it asked for none.
    let gradients: [Tensor?]

    /// Equal only for equal bytes: doubles hold every kind exactly.
    var bits: [[UInt64]] {
        ([output] + further + gradients.compactMap { $0 }).map { $0.doubles.map(\.bitPattern) }
    }
}

/// The output has not the shape of the gradient that is to come back to it.
private struct WrongShape: Error {
    let name: String
    let expected, found: [Int]
}

extension OperationCheck {
    func outcome(of example: Case, wanting wanted: [Int]? = nil) throws -> OperationOutcome {
        try outcome(
            of: example, inputs: example.inputs.map(\.tensor), upstream: example.upstream.tensor,
            wanting: wanted)
    }

    func outcome(of example: Case, inputs: [Tensor]) throws -> OperationOutcome {
        try outcome(of: example, inputs: inputs, upstream: example.upstream.tensor)
    }

    /// Forward and backward in a pass of its own.
    ///
    /// - Parameters:
    ///   - example: What the operation is told beside its inputs.
    ///   - inputs: The case's own in any layout or kind.
    ///   - upstream: The gradient of the output; it is brought to the output's kind.
    ///   - wanted: Which inputs want a gradient; `nil` for those that have one in the case.
    /// - Returns: What came of it.
    /// - Throws: What the operation's closure throws, or `WrongShape`.
    func outcome(
        of example: Case, inputs: [Tensor], upstream: Tensor, wanting wanted: [Int]? = nil
    ) throws -> OperationOutcome {
        let pass = Pass(.training)
        let wanted = wanted ?? example.wanted
        let variables = inputs.enumerated().map { index, input in
            pass.input(input, needsGradient: wanted.contains(index))
        }
        let answer = try operation(example, variables)
        guard answer.output.shape == upstream.shape else {
            throw WrongShape(name: example.name, expected: upstream.shape, found: answer.output.shape)
        }
        let gradients = answer.output.backward(from: upstream.cast(to: answer.output.tensor.dtype))
        return OperationOutcome(
            output: answer.output.tensor, further: answer.further, gradients: variables.map { gradients[$0] })
    }

    /// Shape, kind, values and gradients are those of the case.
    ///
    /// f32: sums of up to 300 products, each rounded to 6e-8 of its size. f64: far below anything visible.
    func expect(
        _ outcome: OperationOutcome, equals example: Case, wanting wanted: [Int]? = nil, _ name: String
    ) {
        let tolerance = example.isDouble ? 1e-12 : 1e-5
        example.output.isClose(to: outcome.output, within: tolerance, name)
        #expect(outcome.further.count == example.further.count, "\(name): further answers")
        for (index, (found, expected)) in zip(outcome.further, example.further).enumerated() {
            expected.isClose(to: found, within: 0, "\(name), further answer \(index)")
        }
        #expect(outcome.gradients.count == example.gradients.count, "\(name): a gradient for each input")
        for (index, (found, expected)) in zip(outcome.gradients, example.gradients).enumerated() {
            guard let expected, wanted?.contains(index) ?? true else {
                #expect(found == nil, "\(name): gradient \(index) was not asked for")
                continue
            }
            guard let found else {
                Issue.record("\(name): no gradient by input \(index)")
                continue
            }
            expected.isClose(to: found, within: tolerance, "\(name), gradient \(index)")
        }
    }
}

extension Tensor {
    /// Whether its channels can lie in blocks.
    var isImage: Bool { shape.count == 4 && dtype == .f32 }

    /// With its channels in blocks, where they can lie so.
    var blockedIfImage: Tensor { isImage ? channelBlocked : self }

    /// Whether what fills a last block of channels is zero.
    var hasCleanPadding: Bool {
        guard case .channelBlocks(let block) = layout, count > 0 else { return true }
        let (blocks, area) = ((shape[1] + block - 1) / block, shape[2] * shape[3])
        return read(Float.self) { elements in
            (0..<elementCountInMemory).allSatisfy { place in
                let channel = place / (area * block) % blocks * block + place % block
                return channel < shape[1] || elements[place] == 0
            }
        }
    }

    /// The same elements as a view: every second one of a larger tensor, whose axes lie in the opposite order.
    var scattered: Tensor {
        let turned = Array(shape.reversed())
        let whole = turned.map { 2 * $0 + 1 }
        let steps = whole.rowMajorSteps
        let first = steps.reduce(0, +)
        // What lies between is far from zero, so that it shows where it is taken for an element.
        var numbers = [Double](repeating: 1e6, count: whole.product)
        let own = doubles
        eachOffset(of: shape, shape.rowMajorSteps, steps.reversed().map { 2 * $0 }) {
            numbers[first + $1] = own[$0]
        }
        return Tensor(numbers, shape: whole).cast(to: dtype)
            .sliced(turned.map { .range(1..<2 * $0 + 1, step: 2) })
            .permuted(Array(shape.indices.reversed()))
    }
}
