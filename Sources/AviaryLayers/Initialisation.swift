package import AviaryTensors

/// How a layer's weights begin.
public enum Initialisation: Sendable {
    /// PyTorch's default of linear and convolution layers: uniform in ±1 / √fan-in.
    case torchDefault
    /// Normal with deviation √(2 / fan-out), for layers before a ReLU (He et al. 2015).
    case kaimingNormalFanOut

    /// Draws weights `[out, in, …]`.
    package func weights(_ shape: [Int], from stream: inout RandomStream) -> Tensor {
        let area = shape.dropFirst(2).reduce(1, *)
        switch self {
        case .torchDefault:
            return stream.uniformTensor(shape, bound: 1 / Double(shape[1] * area).squareRoot())
        case .kaimingNormalFanOut:
            return stream.normalTensor(shape, deviation: (2 / Double(shape[0] * area)).squareRoot())
        }
    }
}
