import AviaryAutograd
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import Testing

/// Adam, AdamW, Adagrad and RMSprop against PyTorch (`Tests/Oracles/optimizers.py`), and the state of every optimizer.
struct AdaptiveTests {
    private struct Fixture: Decodable {
        let trajectories: [Trajectory]
    }

    private struct Trajectory: Decodable {
        struct Attributes: Decodable {
            let gradientScale: Double
            let firstMomentDecay, secondMomentDecay, epsilon, weightDecay, rateDecay, initialSum: Double?
            let smoothing, momentum: Double?
            let centered: Bool?
        }
        let name, optimizer: String
        let attributes: Attributes
        let start: [FixtureTensor]
        let gradients: [[FixtureTensor?]]
        let rates: [Double]
        let values: [[FixtureTensor]]

        func stepping(_ parameters: [Parameter]) throws -> any Optimizer {
            let a = attributes
            let (epsilon, weightDecay) = (try #require(a.epsilon), try #require(a.weightDecay))
            switch optimizer {
            case "Adam":
                return Adam(
                    parameters, firstMomentDecay: try #require(a.firstMomentDecay),
                    secondMomentDecay: try #require(a.secondMomentDecay), epsilon: epsilon,
                    weightDecay: weightDecay)
            case "AdamW":
                return AdamW(
                    parameters, firstMomentDecay: try #require(a.firstMomentDecay),
                    secondMomentDecay: try #require(a.secondMomentDecay), epsilon: epsilon,
                    weightDecay: weightDecay)
            case "Adagrad":
                return Adagrad(
                    parameters, rateDecay: try #require(a.rateDecay), weightDecay: weightDecay,
                    initialSum: try #require(a.initialSum), epsilon: epsilon)
            default:
                try #require(optimizer == "RMSprop")
                return RMSprop(
                    parameters, smoothing: try #require(a.smoothing), epsilon: epsilon,
                    momentum: try #require(a.momentum), isCentered: a.centered == true,
                    weightDecay: weightDecay)
            }
        }
    }

    /// In f64 only the order of operations differs.
    ///
    /// In f32 the worst of these paths, in NumPy with the rules as the kernels have them, was off by 2.4e-7.
    @Test func `adaptive optimizers walk as PyTorch's do`() throws {
        let trajectories = try fixture("adaptive", as: Fixture.self).trajectories
        #expect(Set(trajectories.map(\.optimizer)) == ["Adam", "AdamW", "Adagrad", "RMSprop"])
        for expected in trajectories {
            let parameters = expected.start.map { Parameter($0.tensor) }
            let optimizer = try expected.stepping(parameters)
            for (step, rate) in expected.rates.enumerated() {
                optimizer.step(
                    givenGradients(parameters, expected.gradients[step].map { $0?.tensor }), rate: rate,
                    gradientScale: expected.attributes.gradientScale)
                for (parameter, value) in zip(parameters, expected.values[step]) {
                    value.isClose(
                        to: parameter.value, within: value.dtype == "f64" ? 1e-12 : 2e-6,
                        "\(expected.name), step \(step)")
                }
            }
        }
    }

    enum Kind: CaseIterable {
        case sgd
        case adam
        case adamW
        case adagrad
        case rmsprop
        case centeredRMSprop

        func optimizer(over parameters: [Parameter]) -> any Optimizer {
            switch self {
            case .sgd: SGD(parameters, momentum: 0.9, weightDecay: 0.01, isNesterov: true)
            case .adam: Adam(parameters, weightDecay: 0.01)
            case .adamW: AdamW(parameters)
            case .adagrad: Adagrad(parameters, rateDecay: 0.1, initialSum: 0.1)
            case .rmsprop: RMSprop(parameters)
            case .centeredRMSprop: RMSprop(parameters, momentum: 0.9, isCentered: true)
            }
        }

        var names: [String] {
            switch self {
            case .sgd: ["momentum"]
            case .adam, .adamW: ["firstMoment", "secondMoment", "stepCount"]
            case .adagrad: ["squareSum", "stepCount"]
            case .rmsprop: ["squareAverage"]
            case .centeredRMSprop: ["squareAverage", "gradientAverage", "momentum"]
            }
        }
    }

    private let starts = [Tensor([0.5 as Float], shape: [1]), Tensor([1, -2, 3 as Float], shape: [3, 1])]

    /// Steps `count` times from step `first` on; the second parameter is left out of every other step.
    private func walk(_ optimizer: any Optimizer, from first: Int, count: Int) {
        for step in first..<first + count {
            let g = Float(step + 1)
            let values = [Tensor([g], shape: [1]), Tensor([1 / g, -g, 0.3], shape: [3, 1])]
            let given: [Tensor?] = step.isMultiple(of: 2) ? values : [values[0], nil]
            optimizer.step(givenGradients(optimizer.parameters, given), rate: 0.1 / Double(g))
        }
    }

    @Test(arguments: Kind.allCases)
    func `a restored state goes on with the same bits`(kind: Kind) throws {
        let straight = kind.optimizer(over: starts.map { Parameter($0) })
        walk(straight, from: 0, count: 5)

        let first = kind.optimizer(over: starts.map { Parameter($0) })
        walk(first, from: 0, count: 3)
        #expect(Set(first.state.keys) == Set(kind.names.flatMap { ["\($0).0", "\($0).1"] }))
        let second = kind.optimizer(over: first.parameters.map { Parameter($0.value) })
        try second.restore(first.state)
        walk(second, from: 3, count: 2)

        let forgetful = kind.optimizer(over: first.parameters.map { Parameter($0.value) })
        walk(forgetful, from: 3, count: 2)
        #expect(numbers(second) == numbers(straight))
        #expect(numbers(forgetful) != numbers(straight), "the state decides nothing")
    }

    @Test(arguments: Kind.allCases)
    func `a state that does not fit is refused whole`(kind: Kind) throws {
        let optimizer = kind.optimizer(over: starts.map { Parameter($0) })
        walk(optimizer, from: 0, count: 2)
        let before = optimizer.state.mapValues(\.reals)
        var state = optimizer.state
        let name = kind.names[0]
        state["\(name).0"] = nil
        state["\(name).1"] = Tensor.zeros([3])
        state["strange.0"] = Tensor.zeros([1])
        let expected =
            "the state does not fit the optimizer; missing: \(name).0; unexpected: strange.0; "
            + "of another shape or kind: \(name).1 is f32 [3], wanted f32 [3, 1]"
        let error = #expect(throws: OptimizerStateError.self) { try optimizer.restore(state) }
        #expect(error?.description == expected)
        #expect(throws: OptimizerStateError.self) { try optimizer.check(state) }
        #expect(optimizer.state.mapValues(\.reals) == before)
    }

    @Test func `a step count below zero is refused`() {
        let optimizer = Adam([Parameter(starts[0])])
        var state = optimizer.state
        state["stepCount.0"] = Tensor(Int64(-1))
        let error = #expect(throws: OptimizerStateError.self) { try optimizer.restore(state) }
        #expect(error?.mismatched.map(\.key) == ["stepCount.0"])
        #expect(error?.mismatched.map(\.wanted) == ["0 or more"])
    }

    private func numbers(_ optimizer: any Optimizer) -> [[Double]] {
        optimizer.parameters.map(\.value.reals)
    }
}

extension Tensor {
    /// The elements of any kind as doubles.
    fileprivate var reals: [Double] {
        dtype == .int64 ? values(as: Int64.self).map(Double.init) : doubles
    }
}
