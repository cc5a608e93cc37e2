import AviaryAutograd
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import Testing

/// Groups of parameters with a rate and a decay of their own.
struct ParameterGroupTests {
    enum Kind: CaseIterable {
        case sgd
        case adam
        case adamW
        case adagrad
        case rmsprop

        func optimizer(over groups: [ParameterGroup]) -> any Optimizer {
            switch self {
            case .sgd: SGD(groups: groups, momentum: 0.9, weightDecay: 0.1)
            case .adam: Adam(groups: groups, weightDecay: 0.1)
            case .adamW: AdamW(groups: groups, weightDecay: 0.1)
            case .adagrad: Adagrad(groups: groups, weightDecay: 0.1)
            case .rmsprop: RMSprop(groups: groups, momentum: 0.9, weightDecay: 0.1)
            }
        }

        func optimizer(over parameter: Parameter, weightDecay: Double) -> any Optimizer {
            switch self {
            case .sgd: SGD([parameter], momentum: 0.9, weightDecay: weightDecay)
            case .adam: Adam([parameter], weightDecay: weightDecay)
            case .adamW: AdamW([parameter], weightDecay: weightDecay)
            case .adagrad: Adagrad([parameter], weightDecay: weightDecay)
            case .rmsprop: RMSprop([parameter], momentum: 0.9, weightDecay: weightDecay)
            }
        }
    }

    private let start = Tensor([1, -2, 3.0], shape: [3])

    /// Two steps, of which the second has a smaller rate; `parameters` have all the same gradients.
    private func walk(_ optimizer: any Optimizer, rateFactor: Double = 1) -> [[Double]] {
        for (step, rate) in [0.1, 0.02].enumerated() {
            let gradient = Tensor([0.5, 1, -Double(step)], shape: [3])
            let gradients = givenGradients(optimizer.parameters, optimizer.parameters.map { _ in gradient })
            optimizer.step(gradients, rate: rate * rateFactor, gradientScale: 0.5)
        }
        return optimizer.parameters.map(\.value.doubles)
    }

    @Test(arguments: Kind.allCases)
    func `each group walks as an optimizer of its own rate and decay`(kind: Kind) {
        let groups = [
            ParameterGroup("head", [Parameter(start)]),
            ParameterGroup("backbone", [Parameter(start)], rateFactor: 0.25),
            ParameterGroup("norms", [Parameter(start)], weightDecay: 0),
        ]
        let found = walk(kind.optimizer(over: groups))
        func alone(weightDecay: Double, rateFactor: Double = 1) -> [Double] {
            walk(kind.optimizer(over: Parameter(start), weightDecay: weightDecay), rateFactor: rateFactor)[0]
        }
        #expect(found[0] == alone(weightDecay: 0.1))
        #expect(found[1] == alone(weightDecay: 0.1, rateFactor: 0.25))
        #expect(found[2] == alone(weightDecay: 0))
        #expect(Set(found).count == 3, "the groups do not differ")
    }

    @Test func `the number of a parameter in the state counts group behind group`() {
        let (a, b, c) = (Parameter(Tensor(1.0)), Parameter(.zeros([2])), Parameter(.zeros([3])))
        let sgd = SGD(groups: [ParameterGroup("first", [a, b]), ParameterGroup("second", [c])])
        #expect(sgd.parameters.map(\.value.shape) == [[], [2], [3]])
        #expect(sgd.state.mapValues(\.shape) == ["momentum.0": [], "momentum.1": [2], "momentum.2": [3]])
    }

    @Test func `a parameter without a gradient is passed over`() {
        let (moving, frozen) = (Parameter(start), Parameter(start))
        let adam = AdamW(groups: [ParameterGroup("moving", [moving]), ParameterGroup("frozen", [frozen])])
        adam.step(givenGradients([moving], [start]), rate: 0.1)
        #expect(frozen.value.doubles == start.doubles && frozen.version == 0)
        #expect(moving.value.doubles != start.doubles)
        #expect(adam.state["stepCount.1"]?.scalar == 0)
    }

    @Test func `a parameter in two groups stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let parameter = Parameter(.zeros([2, 3]))
            _ = SGD(groups: [ParameterGroup("head", [parameter]), ParameterGroup("norms", [parameter])])
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(
            text.contains("a parameter of shape [2, 3] in group 'norms' is in group 'head' already"))
    }

    @Test func `SGD walks in double precision`() {
        let parameter = Parameter(Tensor([1, -2.0], shape: [2]))
        let sgd = SGD([parameter], momentum: 0.5, weightDecay: 0.25, isNesterov: true)
        // g = (0.5 + 0.25, 1 - 0.5), m = g, p - 0.5 · 1.5 · g; then with the decay of the new p.
        sgd.step(givenGradients([parameter], [Tensor([0.5, 1], shape: [2])]), rate: 0.5)
        #expect(parameter.value.doubles == [0.4375, -2.375])
        sgd.step(givenGradients([parameter], [Tensor([0.0, 0], shape: [2])]), rate: 0.5)
        // g = p / 4, m = m / 2 + g, p - 0.5 · (g + m / 2).
        #expect(parameter.value.doubles == [0.4375 - 0.5 * 0.3515625, -2.375 + 0.5 * 0.765625])
    }
}
