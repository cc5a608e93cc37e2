import AviaryAutograd
import AviaryTensors
import Testing

extension OperationCheck {
    /// In double precision, through the plain kernels: the gradients are those of central differences.
    ///
    /// With step 1e-5 they err by 2e-11 of the third derivative; 1e-6 of the greatest leaves room for it. The sum
    /// that is differed is itself rounded, to 1e-16 of its terms, which the step makes 1e-11, and its terms to a
    /// few times that: 1e-10.
    func checkDifferences(_ example: Case) throws {
        guard example.isDouble, example.isSmooth, example.output.values.allSatisfy(\.isFinite) else { return }
        let terms = zip(example.output.values, example.upstream.values).map { abs($0 * $1) }
        let rounding = 1e-10 * terms.reduce(0, +)
        for index in example.wanted {
            guard let gradient = example.gradients[index]?.values else { continue }
            let room = 1e-6 * (gradient.map(abs).max() ?? 0) + rounding
            let found = try gradient.indices.map { try slope(example, input: index, element: $0) }
            let worst = zip(found, gradient).map { abs($0 - $1) }.max() ?? 0
            #expect(worst <= room, "\(example.name), input \(index): differences are off by \(worst)")
        }
    }

    private func slope(_ example: Case, input: Int, element: Int) throws -> Double {
        let step = 1e-5
        let above = try loss(example, input: input, element: element, shift: step)
        let below = try loss(example, input: input, element: element, shift: -step)
        return (above - below) / (2 * step)
    }

    /// `Σ upstream · output` with one element of one input shifted.
    private func loss(_ example: Case, input: Int, element: Int, shift: Double) throws -> Double {
        let pass = Pass(.training, recordsGradients: false)
        let variables = example.inputs.enumerated().map { index, given in
            var values = given.values
            if index == input { values[element] += shift }
            return pass.input(Tensor(values, shape: given.shape))
        }
        let output = try operation(example, variables).output.tensor.values(as: Double.self)
        return zip(output, example.upstream.values).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
