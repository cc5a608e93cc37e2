package import AviaryAutograd
import AviaryTensors
import Testing

/// Holds an operation to all its cases, each in every way in which an operation can be wrong.
///
/// How a case is added: `Tests/Oracles/*.py` has a function for the subject that calls `operation_case`; a line there,
/// and the script run again, is a case here. How an operation is added: cases under its name, and a line in the
/// closure of the test of its subject. A new subject is a test file of a few lines:
///
///     struct PoolingTests {
///         struct Attributes: Decodable { var window, stride: Int? }
///
///         @Test func `equals PyTorch`() throws {
///             let cases = try fixture("pooling", as: OperationCases<Attributes>.self).cases
///             #expect(cases.count > 50)
///             try OperationCheck(cases) { OperationAnswer(try apply($0, $1)) }.run()
///         }
///     }
///
/// What is checked of each case is what `run` lists.
package struct OperationCheck<Attributes: Decodable> {
    package typealias Case = OperationCase<Attributes>

    let cases: [Case]
    let operation: (Case, [Variable]) throws -> OperationAnswer

    /// `operation` applies what a case names to variables, one for each of its inputs.
    package init(
        _ cases: [Case], _ operation: @escaping (Case, [Variable]) throws -> OperationAnswer
    ) {
        (self.cases, self.operation) = (cases, operation)
    }

    package func run() throws {
        for example in cases {
            let plain = try outcome(of: example)
            expect(plain, equals: example, example.name)
            try checkInputsAlone(example)
            try checkViews(example)
            try checkChannelBlocks(example)
            try checkRelease(example)
            try checkDifferences(example)
            try checkLowPrecision(example)
            try checkRepetition(example, first: plain)
        }
    }

    /// An input that needs no gradient gets none and changes no other.
    private func checkInputsAlone(_ example: Case) throws {
        guard example.wanted.count > 1 else { return }
        for wanted in example.wanted {
            let outcome = try outcome(of: example, wanting: [wanted])
            expect(outcome, equals: example, wanting: [wanted], "\(example.name), input \(wanted) alone")
        }
    }

    /// Inputs, constants and upstream gradient that lie apart in larger tensors, their axes turned round.
    private func checkViews(_ example: Case) throws {
        let views = example.inputs.map(\.tensor.scattered)
        let upstream = example.upstream.tensor.scattered
        let outcome = try ConstantLayout.$isScattered.withValue(true) {
            try self.outcome(of: example, inputs: views, upstream: upstream)
        }
        expect(outcome, equals: example, "\(example.name), views")
    }

    /// Images with channels in blocks, as inside a network: the first, all, all and what comes back.
    private func checkChannelBlocks(_ example: Case) throws {
        let plain = example.inputs.map(\.tensor)
        guard plain[0].isImage else { return }
        let first = [plain[0].channelBlocked] + plain.dropFirst()
        let all = plain.map(\.blockedIfImage)
        let upstream = example.upstream.tensor
        for (inputs, upstream, name) in [
            (first, upstream, "first blocked"), (all, upstream, "all blocked"),
            (all, upstream.blockedIfImage, "all and upstream blocked"),
        ] {
            let outcome = try outcome(of: example, inputs: inputs, upstream: upstream)
            expect(outcome, equals: example, "\(example.name), \(name)")
            for tensor in [outcome.output] + outcome.gradients.compactMap({ $0 }) {
                #expect(
                    tensor.hasCleanPadding, "\(example.name), \(name): a last block is not filled with zeros")
            }
        }
    }

    /// A pass that never goes back is freed: no pullback holds a variable.
    private func checkRelease(_ example: Case) throws {
        weak var seen: Pass?
        do {
            let pass = Pass(.training)
            seen = pass
            _ = try operation(example, example.inputs.map { pass.input($0.tensor, needsGradient: true) })
        }
        #expect(seen == nil, "\(example.name): the pass is held by what it recorded")
    }

    /// The same bytes again, with other shapes in between: no primitive is taken for the wrong shape.
    private func checkRepetition(_ example: Case, first: OperationOutcome) throws {
        let shapes = example.inputs.map(\.shape)
        let others = cases.lazy.filter { $0.inputs.map(\.shape) != shapes }
        if let other = others.first(where: { $0.operation == example.operation }) ?? others.first {
            _ = try outcome(of: other)
        }
        let second = try outcome(of: example)
        #expect(first.bits == second.bits, "\(example.name): other bytes the second time")
    }

    /// In two bytes: of that kind, and near the oracle's numbers.
    ///
    /// bf16 has 8 bits, so that each rounding errs by 0.4 % at most, and an operation made of several rounds again;
    /// f16 has 11.
    private func checkLowPrecision(_ example: Case) throws {
        guard example.bearsLowPrecision else { return }
        for (kind, tolerance) in [(DType.bf16, 2e-2), (.f16, 5e-3)] {
            let outcome = try outcome(of: example, inputs: example.inputs.map { $0.tensor.cast(to: kind) })
            let name = "\(example.name), \(kind)"
            #expect(outcome.output.dtype == kind, "\(name): kind of the output")
            #expect(outcome.output.shape == example.output.shape, "\(name): shape")
            expectClose(outcome.output.doubles, example.output.values, within: tolerance, name)
            for (index, expected) in example.gradients.enumerated() {
                guard let expected else { continue }
                guard let gradient = outcome.gradients[index] else {
                    Issue.record("\(name): no gradient by input \(index)")
                    continue
                }
                #expect(gradient.dtype == kind, "\(name): kind of gradient \(index)")
                expectClose(
                    gradient.doubles, expected.values, within: tolerance, "\(name), gradient \(index)")
            }
        }
    }
}
