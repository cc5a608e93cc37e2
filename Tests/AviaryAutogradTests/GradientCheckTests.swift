import AviaryAutograd
import AviaryTensors
import Testing

/// Gradients against differences where the oracle has no case: one variable in several places, and dropout.
struct GradientCheckTests {
    typealias Function = ([Variable]) -> Variable

    @Test func `a variable that is used more than once has the sum of its gradients`() {
        check("multiply with itself", [[2, 3]]) { $0[0] * $0[0] }
        check("self-attention", [[1, 2, 4, 3]]) { scaledDotProductAttention($0[0], $0[0], $0[0]) }
    }

    @Test func `attention with dropout goes back through what it did not drop`() {
        check("masked attention with dropout", [[2, 2, 3, 4], [2, 2, 5, 4], [2, 2, 5, 3]]) {
            let mask = Tensor([true, true, false, true, true], shape: [5])
            return scaledDotProductAttention(
                $0[0], $0[1], $0[2], mask: mask, isCausal: true, scale: 0.7, dropout: 0.3)
        }
        check("self-attention with dropout", [[2, 5, 12]]) {
            selfAttention(projected: $0[0], heads: 2, isCausal: true, dropout: 0.3)
        }
    }

    /// Differences of step 1e-5 err by about 1e-10 of the third derivative; 1e-6 of the greatest leaves room.
    private func check(_ name: String, _ shapes: [[Int]], _ function: Function) {
        var random = RandomStream(seed: 7, name: name)
        let inputs = shapes.map { shape in (0..<shape.reduce(1, *)).map { _ in random.normal() } }
        let weights = loss(inputs, shapes, function, nil).weights(&random)
        let pass = Pass(.training)
        let variables = zip(inputs, shapes).map { pass.input(Tensor($0, shape: $1), needsGradient: true) }
        let gradients = function(variables).backward(from: weights)
        for index in inputs.indices {
            guard let analytic = gradients[variables[index]]?.values(as: Double.self) else {
                Issue.record("\(name): no gradient by input \(index)")
                continue
            }
            let room = 1e-6 * (analytic.map(abs).max() ?? 0)
            for element in inputs[index].indices {
                var (up, down) = (inputs, inputs)
                up[index][element] += 1e-5
                down[index][element] -= 1e-5
                let rise =
                    loss(up, shapes, function, weights).value - loss(down, shapes, function, weights).value
                let difference = abs(rise / 2e-5 - analytic[element])
                #expect(difference <= room, "\(name), input \(index), \(element)")
            }
        }
    }

    private struct Outcome {
        let output: Tensor
        let value: Double

        func weights(_ random: inout RandomStream) -> Tensor {
            Tensor((0..<output.count).map { _ in random.normal() }, shape: output.shape)
        }
    }

    private func loss(
        _ inputs: [[Double]], _ shapes: [[Int]], _ function: Function, _ weights: Tensor?
    ) -> Outcome {
        let pass = Pass(.training, recordsGradients: false)
        let output = function(zip(inputs, shapes).map { pass.input(Tensor($0, shape: $1)) }).tensor
        let weighted = weights.map {
            zip($0.values(as: Double.self), output.values(as: Double.self)).map { $0 * $1 }
        }
        return Outcome(output: output, value: weighted?.reduce(0, +) ?? 0)
    }
}
