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
                let learningRate, momentum, weightDecay, gradientScale: Double
                let nesterov: Bool
            }
            let name: String
            let attributes: Attributes
            let start: [FixtureTensor]
            let gradients: [[FixtureTensor?]]
            let values: [[FixtureTensor]]
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

    /// In f64 only the order of operations differs; in f32 six steps round some thirty times.
    @Test func `SGD walks as PyTorch's does`() throws {
        let trajectories = try fixture("optimizers", as: Fixture.self).trajectories
        #expect(trajectories.count == 9)
        for expected in trajectories {
            let parameters = expected.start.map { Parameter($0.tensor) }
            let a = expected.attributes
            let sgd = SGD(
                parameters, momentum: a.momentum, weightDecay: a.weightDecay, isNesterov: a.nesterov)
            #expect(expected.gradients.count == 6 && expected.values.count == 6)
            for (step, values) in expected.values.enumerated() {
                sgd.step(
                    givenGradients(parameters, expected.gradients[step].map { $0?.tensor }),
                    rate: a.learningRate, gradientScale: a.gradientScale)
                for (parameter, value) in zip(parameters, values) {
                    value.isClose(
                        to: parameter.value, within: value.dtype == "f64" ? 1e-12 : 2e-6,
                        "\(expected.name), step \(step)")
                }
            }
        }
    }

    @Test func `schedules give PyTorch's rates`() throws {
        let schedules = try fixture("optimizers", as: Fixture.self).schedules
        #expect(Set(schedules.map(\.schedule)) == ["oneCycle", "cosine"])
        for expected in schedules {
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
        let cases = try fixture("optimizers", as: Fixture.self).clipping
        #expect(cases.count == 9)
        #expect(cases.contains { $0.norm.isNaN } && cases.contains { $0.norm.isInfinite })
        for expected in cases {
            let tensors = expected.gradients.map(\.tensor)
            let parameters = tensors.map { Parameter(Tensor.zeros($0.shape, dtype: $0.dtype)) }
            let gradients = givenGradients(parameters, tensors)
            // Squares are summed in f64, of numbers that are exact in the kind they have.
            let norm = gradientNorm(gradients, of: parameters)
            expectClose([norm], [expected.norm], within: 1e-12, "\(expected.name): norm")
            let factor = clippingFactor(gradients, of: parameters, maximumNorm: expected.maximumNorm)
            for (tensor, clipped) in zip(tensors, expected.clipped) {
                // The fixture's f32 are rounded once.
                let tolerance = clipped.dtype == "f64" ? 1e-12 : 6e-8
                expectClose(
                    tensor.doubles.map { $0 * factor }, clipped.values, within: tolerance, expected.name)
            }
        }
    }
}
