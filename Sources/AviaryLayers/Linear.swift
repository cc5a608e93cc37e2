public import AviaryAutograd
public import AviaryTensors

/// `x · weightᵀ + bias`.
public struct Linear: Layer {
    /// `[out, in]`.
    public let weight: Parameter
    /// `[out]`; `nil` where the layer has none.
    public let bias: Parameter?

    /// A layer from `inputs` to `outputs` features, drawn as PyTorch draws it unless another way is given.
    public init(
        _ inputs: Int, _ outputs: Int, hasBias: Bool = true,
        initialisation: Initialisation = .torchDefault, random stream: inout RandomStream
    ) {
        weight = Parameter(initialisation.weights([outputs, inputs], from: &stream))
        let bound = Fans([outputs, inputs]).uniformBound
        bias = hasBias ? Parameter(stream.uniformTensor([outputs], bound: bound)) : nil
    }

    /// `[…, in]` to `[…, out]`.
    public func callAsFunction(_ x: Variable) -> Variable {
        linear(x, weight: x.pass.use(weight), bias: bias.map { x.pass.use($0) })
    }

    /// `[…, in]` to `[…, out]`: what the activation makes of it, then dropout.
    ///
    /// The bias is added where the activation is applied, and so is its gradient summed where the activation's is: see
    /// `biasActivation`.
    public func callAsFunction(_ x: Variable, activation: Activation, dropout: Double = 0) -> Variable {
        let product = linear(x, weight: x.pass.use(weight), bias: nil)
        let shift = bias.map { x.pass.use($0) } ?? x.pass.input(.zeros([weight.value.shape[0]]))
        return biasActivation(product, bias: shift, activation: activation, dropout: dropout)
    }
}
