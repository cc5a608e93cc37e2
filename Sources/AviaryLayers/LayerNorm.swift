public import AviaryAutograd
import AviaryTensors

/// Normalises along the last axis, or along several together, then scales and shifts each of their elements.
///
/// Source: Ba et al. 2016; named and initialised as PyTorch's `LayerNorm`.
public struct LayerNorm: Layer {
    /// The scale of each element, in the shape of the last axes; `nil` where the layer has none.
    public let weight: Parameter?
    /// The shift of each element, in the shape of the last axes; `nil` where the layer has none.
    public let bias: Parameter?
    private let lastExtents: [Int]
    private let epsilon: Double

    /// A layer for rows of so many elements.
    public init(_ width: Int, epsilon: Double = 1e-5, hasWeight: Bool = true, hasBias: Bool = true) {
        self.init([width], epsilon: epsilon, hasWeight: hasWeight, hasBias: hasBias)
    }

    /// A layer that takes the elements along several axes together, the last ones, of these extents.
    public init(_ lastExtents: [Int], epsilon: Double = 1e-5, hasWeight: Bool = true, hasBias: Bool = true) {
        weight = hasWeight ? Parameter(Tensor(repeating: 1 as Float, shape: lastExtents)) : nil
        bias = hasBias ? Parameter(.zeros(lastExtents)) : nil
        self.lastExtents = lastExtents
        self.epsilon = epsilon
    }

    /// Any axes before the last ones, to the same shape.
    public func callAsFunction(_ x: Variable) -> Variable {
        requireFit(x)
        let (weight, bias) = (weight.map { x.pass.use($0) }, bias.map { x.pass.use($0) })
        guard lastExtents.count != 1 else {
            return layerNorm(x, weight: weight, bias: bias, epsilon: epsilon)
        }
        let width = lastExtents.product
        let rows = x.reshaped([x.shape.dropLast(lastExtents.count).product, width])
        return layerNorm(
            rows, weight: weight?.reshaped([width]), bias: bias?.reshaped([width]), epsilon: epsilon
        ).reshaped(x.shape)
    }

    /// The norm of `residual + dropout(x)`: see `residualLayerNorm`.
    func callAsFunction(_ x: Variable, residual: Variable, _ dropout: Dropout) -> Variable {
        requireFit(x)
        return residualLayerNorm(
            x, residual: residual, dropout: dropout.probability, weight: weight.map { x.pass.use($0) },
            bias: bias.map { x.pass.use($0) }, epsilon: epsilon)
    }

    /// The sum `residual + dropout(x)` and its norm: see `residualSumAndLayerNorm`.
    func withSum(
        _ x: Variable, residual: Variable, _ dropout: Dropout
    ) -> (sum: Variable, normalised: Variable) {
        requireFit(x)
        return residualSumAndLayerNorm(
            x, residual: residual, dropout: dropout.probability, weight: weight.map { x.pass.use($0) },
            bias: bias.map { x.pass.use($0) }, epsilon: epsilon)
    }

    private func requireFit(_ x: Variable) {
        guard Array(x.shape.suffix(lastExtents.count)) == lastExtents else {
            shapeMistake("layer norm", x.shape, lastExtents)
        }
    }
}
