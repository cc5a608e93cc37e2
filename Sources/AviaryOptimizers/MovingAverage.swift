public import AviaryAutograd
public import AviaryTensors

/// The exponential moving average of a model's parameters, as a set of its own.
///
/// The first update takes the parameters over as they are; later ones make `average ← decay · average +
/// (1 - decay) · parameter`. The live parameters are only read: evaluation is given the averages as `substitutes`.
/// Buffers (running statistics) are not averaged.
///
/// Source: PyTorch's `AveragedModel` with `get_ema_multi_avg_fn(decay)`.
public struct MovingAverage: Sendable {
    /// How slowly the average follows.
    public let decay: Double
    /// How many updates there were.
    public private(set) var updateCount = 0
    /// The averages, by the names of their parameters.
    public private(set) var state: [String: Tensor]
    private let parameters: [String: Parameter]

    /// The average of `parameters`, by their names in the model; until the first update it is what they are now.
    public init(of parameters: [String: Parameter], decay: Double = 0.999) {
        self.parameters = parameters
        self.decay = decay
        state = parameters.mapValues(\.value)
    }

    /// Follows the parameters, as they are now, by one step.
    public mutating func update() {
        for (name, parameter) in parameters {
            guard updateCount > 0, let average = state[name] else {
                state[name] = parameter.value
                continue
            }
            state[name] = average.moved(towards: parameter.value, share: 1 - decay)
        }
        updateCount += 1
    }

    /// The averages in the place of their parameters, for one pass: `Pass(.evaluation, substitutes: …)`.
    public var substitutes: Substitutes {
        Substitutes(
            parameters.compactMap { name, parameter in
                state[name].map { (parameter: parameter, value: $0) }
            })
    }

    /// A model's state dictionary with the averages in the place of its parameters: what another instance loads.
    public func replacingParameters(in dictionary: [String: Tensor]) -> [String: Tensor] {
        dictionary.merging(state.filter { dictionary[$0.key] != nil }) { _, average in average }
    }

    /// Takes over averages and count of another run of the same model, to go on exactly.
    ///
    /// Throws, and changes nothing, where the keys, shapes or kinds are not those of the parameters.
    public mutating func restore(
        _ state: [String: Tensor], updateCount: Int
    ) throws(OptimizerStateError) {
        try OptimizerStateError.check(state, against: self.state)
        self.state = state
        self.updateCount = updateCount
    }
}
