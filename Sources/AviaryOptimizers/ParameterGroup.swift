public import AviaryAutograd
import AviaryTensors

/// Parameters that an optimizer treats alike: a backbone with a tenth of the rate, norms and biases without decay.
///
/// Source: PyTorch's "per-parameter options" of `torch.optim.Optimizer`.
public struct ParameterGroup: Sendable {
    /// What messages and recipes call it.
    public let name: String
    /// What is in it.
    public let parameters: [Parameter]
    /// What the learning rate of a step is multiplied by.
    public let rateFactor: Double
    /// The weight decay in place of the optimizer's; `nil` for that.
    public let weightDecay: Double?

    /// A group that differs from the rest of the optimizer in what is given.
    public init(
        _ name: String, _ parameters: [Parameter], rateFactor: Double = 1, weightDecay: Double? = nil
    ) {
        self.name = name
        self.parameters = parameters
        self.rateFactor = rateFactor
        self.weightDecay = weightDecay
    }
}

extension [ParameterGroup] {
    /// The parameters of all groups, group behind group; stops the program if one would be stepped twice.
    func checkedParameters() -> [Parameter] {
        var owners: [ObjectIdentifier: String] = [:]
        for group in self {
            for parameter in group.parameters {
                guard let owner = owners.updateValue(group.name, forKey: ObjectIdentifier(parameter)) else {
                    continue
                }
                fatalError(
                    "optimizer: a parameter of shape \(parameter.value.shape) in group '\(group.name)' "
                        + "is in group '\(owner)' already")
            }
        }
        return flatMap(\.parameters)
    }
}
