public import AviaryAutograd
import AviaryTensors

/// Normalises along the last axis, then scales and shifts each of its elements.
///
/// Source: Ba et al. 2016; named and initialised as PyTorch's `LayerNorm`.
public struct LayerNorm: Layer {
    /// The scale of each element, `[D]`; `nil` where the layer has none.
    public let weight: Parameter?
    /// The shift of each element, `[D]`; `nil` where the layer has none.
    public let bias: Parameter?
    private let width: Int
    private let epsilon: Double

    /// A layer for rows of so many elements.
    public init(_ width: Int, epsilon: Double = 1e-5, hasWeight: Bool = true, hasBias: Bool = true) {
        weight = hasWeight ? Parameter(Tensor(repeating: 1 as Float, shape: [width])) : nil
        bias = hasBias ? Parameter(.zeros([width])) : nil
        self.width = width
        self.epsilon = epsilon
    }

    /// `[…, D]` to the same shape.
    public func callAsFunction(_ x: Variable) -> Variable {
        requireWidth(x)
        return layerNorm(
            x, weight: weight.map { x.pass.use($0) }, bias: bias.map { x.pass.use($0) }, epsilon: epsilon)
    }

    /// The norm of `residual + dropout(x)`: see `residualLayerNorm`.
    func callAsFunction(_ x: Variable, residual: Variable, _ dropout: Dropout) -> Variable {
        requireWidth(x)
        return residualLayerNorm(
            x, residual: residual, dropout: dropout.probability, weight: weight.map { x.pass.use($0) },
            bias: bias.map { x.pass.use($0) }, epsilon: epsilon)
    }

    /// The sum `residual + dropout(x)` and its norm: see `residualSumAndLayerNorm`.
    func withSum(
        _ x: Variable, residual: Variable, _ dropout: Dropout
    ) -> (sum: Variable, normalised: Variable) {
        requireWidth(x)
        return residualSumAndLayerNorm(
            x, residual: residual, dropout: dropout.probability, weight: weight.map { x.pass.use($0) },
            bias: bias.map { x.pass.use($0) }, epsilon: epsilon)
    }

    private func requireWidth(_ x: Variable) {
        guard x.shape.last == width else { shapeMistake("layer norm", x.shape, [width]) }
    }
}
