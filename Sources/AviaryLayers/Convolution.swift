public import AviaryAutograd
public import AviaryTensors

/// A square two-dimensional convolution without bias.
public struct Convolution: Layer {
    /// `[out, in, kernel, kernel]`.
    public let weight: Parameter
    private let stride: Int
    private let padding: Int

    /// A layer from `inputs` to `outputs` channels; the padding keeps the extent unless given.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int? = nil,
        initialisation: Initialisation = .torchDefault, random stream: inout RandomStream
    ) {
        weight = Parameter(initialisation.weights([outputs, inputs, kernel, kernel], from: &stream))
        self.stride = stride
        self.padding = padding ?? kernel / 2
    }

    /// `[N, in, H, W]` to `[N, out, H', W']`.
    public func callAsFunction(_ x: Variable) -> Variable {
        convolution(x, weight: x.pass.use(weight), stride: stride, padding: padding)
    }
}
