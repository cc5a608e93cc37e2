import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Linear over any leading axes and L2 normalisation against PyTorch (`Tests/Oracles/course_layers.py`).
struct LinearAndNormalisationTests {
    private struct Fixture: Decodable {
        struct Case: Decodable {
            let name: String
            let inputs, gradients: [FixtureTensor]
            let output, upstream: FixtureTensor
        }
        let cases: [Case]
    }

    /// f32: rounding of a few sums; f64: the plain kernels agree to the last digits.
    private func tolerance(_ tensor: FixtureTensor) -> Double { tensor.dtype == "f64" ? 1e-12 : 1e-5 }

    private func check(_ expected: Fixture.Case, _ function: ([Variable]) -> Variable) throws {
        let pass = Pass(.training)
        let inputs = expected.inputs.map { pass.input($0.tensor, needsGradient: true) }
        let output = function(inputs)
        let within = tolerance(expected.output)
        expected.output.isClose(to: output.tensor, within: within, expected.name)
        let gradients = output.backward(from: expected.upstream.tensor)
        for (input, wanted) in zip(inputs, expected.gradients) {
            let gradient = try #require(gradients[input])
            wanted.isClose(to: gradient, within: within, "\(expected.name): gradient")
        }
    }

    @Test func `linear takes any number of leading axes`() throws {
        for expected in try fixture("linear_axes", as: Fixture.self).cases {
            try check(expected) { linear($0[0], weight: $0[1], bias: $0[2]) }
        }
    }

    @Test func `linear takes a view as it takes its copy`() {
        let numbers = Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4])
        let pass = Pass(.evaluation)
        let weight = pass.input(Tensor((0..<6).map { Float($0) }, shape: [2, 3]))
        let view = pass.input(numbers).permuted([0, 2, 1])  // [2, 4, 3]
        let copy = pass.input(Tensor(view.tensor.values(as: Float.self), shape: [2, 4, 3]))
        #expect(
            linear(view, weight: weight, bias: nil).tensor.doubles
                == linear(copy, weight: weight, bias: nil).tensor.doubles)
    }

    @Test func `a linear whose shapes do not fit stops the program and names both`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.evaluation)
            _ = linear(pass.input(.zeros([2, 3, 4])), weight: pass.input(.zeros([5, 3])), bias: nil)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("linear: shapes [2, 3, 4] and [5, 3] do not fit"))
    }

    @Test func `vectors are divided by their lengths, short ones by epsilon`() throws {
        for expected in try fixture("l2_normalised", as: Fixture.self).cases {
            try check(expected) { inputs in
                switch expected.name {
                case "short vectors": inputs[0].l2Normalised(axis: 1, epsilon: 0.5)
                case "middle axis": inputs[0].l2Normalised(axis: 1)
                default: inputs[0].l2Normalised()
                }
            }
        }
    }

    @Test func `an axis that is not there stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Pass(.evaluation).input(.zeros([2, 3])).l2Normalised(axis: 2)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("l2 normalisation: takes a tensor with an axis 2, given was [2, 3]"))
    }
}
