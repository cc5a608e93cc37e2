import AviaryAutograd
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import Testing

/// Optimizers and schedules against PyTorch (`Tests/Oracles/schedules.py`).
struct OptimizerTests {
    private struct Fixture: Decodable {
        struct Trajectory: Decodable {
            struct Attributes: Decodable {
                let learningRate, momentum, weightDecay: Double
                let nesterov: Bool
            }
            let name: String
            let attributes: Attributes
            let start: FixtureTensor
            let gradients, values: [FixtureTensor]
        }
        struct Rates: Decodable {
            struct Attributes: Decodable {
                let maximum, warmupFraction, divisor, finalDivisor, initial, final: Double?
                let stepCount: Int
            }
            let name, schedule: String
            let attributes: Attributes
            let learningRates: [Double]
        }
        struct Clipping: Decodable {
            let name: String
            let maximumNorm, norm: Double
            let gradients, clipped: [FixtureTensor]
        }
        let trajectories: [Trajectory]
        let schedules: [Rates]
        let clipping: [Clipping]
    }

    @Test func `SGD walks as PyTorch's does`() throws {
        for expected in try fixture("optimizers", as: Fixture.self).trajectories {
            let parameter = Parameter(single(expected.start))
            let a = expected.attributes
            let sgd = SGD(
                [parameter], momentum: a.momentum, weightDecay: a.weightDecay, isNesterov: a.nesterov)
            for (gradient, value) in zip(expected.gradients, expected.values) {
                sgd.step(gradients([parameter], [single(gradient)]), rate: a.learningRate)
                // f32 against f64 over a few steps
                expectClose(parameter.value.doubles, value.values, within: 2e-6, expected.name)
            }
        }
    }

    @Test func `schedules give PyTorch's rates`() throws {
        for expected in try fixture("optimizers", as: Fixture.self).schedules {
            let a = expected.attributes
            let schedule: Schedule =
                expected.schedule == "oneCycle"
                ? .oneCycle(
                    warmUpShare: a.warmupFraction ?? 0, startDivisor: a.divisor ?? 0,
                    endDivisor: a.finalDivisor ?? 0)
                : .cosine(endShare: (a.final ?? 0) / (a.initial ?? 1))
            let peak = try #require(a.maximum ?? a.initial)
            let rates = expected.learningRates.indices.map {
                schedule.rate(peak: peak, step: $0, of: a.stepCount)
            }
            expectClose(rates, expected.learningRates, within: 1e-12, expected.name)
        }
    }

    @Test func `clipping scales as PyTorch's does`() throws {
        for expected in try fixture("optimizers", as: Fixture.self).clipping {
            let tensors = expected.gradients.map(\.tensor)
            let parameters = tensors.map { Parameter(Tensor.zeros($0.shape, dtype: $0.dtype)) }
            let found = gradients(parameters, tensors)
            let factor = clippingFactor(found, of: parameters, maximumNorm: expected.maximumNorm)
            for (tensor, clipped) in zip(tensors, expected.clipped) {
                expectClose(tensor.doubles.map { $0 * factor }, clipped.values, within: 1e-9, expected.name)
            }
        }
    }

    private func single(_ tensor: FixtureTensor) -> Tensor {
        Tensor(tensor.values.map { Float($0) }, shape: tensor.shape)
    }

    /// Gradients of just these values: those of `Σ parameter · value`.
    private func gradients(_ parameters: [Parameter], _ values: [Tensor]) -> Gradients {
        let pass = Pass(.training)
        let terms = zip(parameters, values).map { (pass.use($0) * pass.input($1)).sum }
        return terms.dropFirst().reduce(terms[0], +).backward()
    }
}
