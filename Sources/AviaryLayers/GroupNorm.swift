public import AviaryAutograd
import AviaryTensors

/// Normalises groups of neighbouring channels of each image, then scales and shifts each channel.
///
/// Source: Wu and He 2018; named and initialised as PyTorch's `GroupNorm`.
public struct GroupNorm: Layer {
    /// The scale of each channel, `[C]`; `nil` where the layer has none.
    public let weight: Parameter?
    /// The shift of each channel, `[C]`; `nil` where the layer has none.
    public let bias: Parameter?
    private let groups: Int
    private let epsilon: Double

    /// A layer of so many groups for so many channels; with `isAffine` it scales and shifts.
    public init(groups: Int, _ channels: Int, epsilon: Double = 1e-5, isAffine: Bool = true) {
        weight = isAffine ? Parameter(Tensor(repeating: 1 as Float, shape: [channels])) : nil
        bias = isAffine ? Parameter(.zeros([channels])) : nil
        self.groups = groups
        self.epsilon = epsilon
    }

    /// `[N, C, …]` to the same shape.
    public func callAsFunction(_ x: Variable) -> Variable {
        groupNorm(
            x, groups: groups, weight: weight.map { x.pass.use($0) }, bias: bias.map { x.pass.use($0) },
            epsilon: epsilon)
    }
}
