public import AviaryAutograd
public import AviaryTensors

/// A two-dimensional convolution.
public struct Convolution: Layer {
    /// `[out, in / groups, kernel height, kernel width]`.
    public let weight: Parameter
    /// `[out]`; `nil` where the layer has none.
    public let bias: Parameter?
    private let geometry: ConvolutionGeometry

    /// A square layer from `inputs` to `outputs` channels; the padding keeps the extent unless given.
    ///
    /// A bias begins as PyTorch's does, whatever the weights begin as.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int? = nil, dilation: Int = 1,
        groups: Int = 1, hasBias: Bool = false, initialisation: Initialisation = .torchDefault,
        random stream: inout RandomStream
    ) {
        let geometry = ConvolutionGeometry(
            stride: .init(stride), padding: .init(padding ?? kernel / 2 * dilation),
            dilation: .init(dilation), groups: groups)
        self.init(
            inputs, outputs, kernel: .init(kernel), geometry: geometry, hasBias: hasBias,
            initialisation: initialisation, random: &stream)
    }

    /// A layer from `inputs` to `outputs` channels with numbers for each axis and side.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: ConvolutionGeometry.PerAxis, geometry: ConvolutionGeometry,
        hasBias: Bool = false, initialisation: Initialisation = .torchDefault,
        random stream: inout RandomStream
    ) {
        let groups = geometry.groups
        guard groups > 0, inputs.isMultiple(of: groups), outputs.isMultiple(of: groups) else {
            fatalError("Convolution: \(groups) groups do not divide \(inputs) and \(outputs) channels")
        }
        let shape = [outputs, inputs / groups, kernel.height, kernel.width]
        weight = Parameter(initialisation.weights(shape, from: &stream))
        let bound = Fans(shape).uniformBound
        bias = hasBias ? Parameter(stream.uniformTensor([outputs], bound: bound)) : nil
        self.geometry = geometry
    }

    /// `[N, in, H, W]` to `[N, out, H', W']`.
    public func callAsFunction(_ x: Variable) -> Variable {
        convolution(
            x, weight: x.pass.use(weight), bias: bias.map { x.pass.use($0) }, geometry: geometry)
    }
}
