public import AviaryTensors

/// How a layer's weights begin.
///
/// Each is named and computed as in PyTorch's `torch.nn.init`; the numbers are drawn from our own streams.
public enum Initialisation: Sendable, Equatable {
    /// PyTorch's default of linear and convolution layers: uniform in ±1 / √fan-in.
    case torchDefault
    /// Uniform in ±gain · √(3 / fan), gain² = 2 / (1 + slope²): before a ReLU, leaky with that slope (He et
    /// al. 2015).
    case kaimingUniform(fan: Fan = .incoming, slope: Double = 0)
    /// Normal with deviation gain / √fan, gain² = 2 / (1 + slope²) (He et al. 2015).
    case kaimingNormal(fan: Fan = .incoming, slope: Double = 0)
    /// Uniform in ±gain · √(6 / (fan-in + fan-out)) (Glorot and Bengio 2010).
    case xavierUniform(gain: Double = 1)
    /// Normal with deviation gain · √(2 / (fan-in + fan-out)) (Glorot and Bengio 2010).
    case xavierNormal(gain: Double = 1)
    /// Uniform between two numbers.
    case uniform(from: Double, to: Double)
    /// Normal with this deviation; BERT's has 0.02.
    case normal(mean: Double = 0, deviation: Double)
    /// Normal numbers of those between two bounds: `trunc_normal_`, as vision transformers begin (deviation
    /// 0.02).
    ///
    /// The bounds are numbers, not multiples of the deviation. Bounds between which nothing lies stop the program.
    case truncatedNormal(mean: Double = 0, deviation: Double = 1, from: Double = -2, to: Double = 2)
    /// Rows of length `gain`, orthogonal to each other; columns where there are more rows (Saxe et al. 2014).
    case orthogonal(gain: Double = 1)
    /// One number everywhere.
    case constant(Double)

    /// Zeros everywhere.
    public static let zeros = Self.constant(0)
    /// Ones everywhere.
    public static let ones = Self.constant(1)
    /// Normal with deviation √(2 / fan-out), for layers before a ReLU, as residual networks begin.
    public static let kaimingNormalFanOut = Self.kaimingNormal(fan: .outgoing)

    /// Draws weights `[out, in, …]` in single precision.
    ///
    /// What depends on fans needs two axes or more, or stops the program.
    public func weights(_ shape: [Int], from stream: inout RandomStream) -> Tensor {
        switch self {
        case .torchDefault:
            return stream.uniformTensor(shape, bound: Fans(shape).uniformBound)
        case .kaimingUniform(let fan, let slope):
            return stream.uniformTensor(shape, bound: Self.kaiming(shape, fan, slope, numerator: 6))
        case .kaimingNormal(let fan, let slope):
            return stream.normalTensor(shape, deviation: Self.kaiming(shape, fan, slope, numerator: 2))
        case .xavierUniform(let gain):
            return stream.uniformTensor(shape, bound: gain * (6 / Fans(shape).sum).squareRoot())
        case .xavierNormal(let gain):
            return stream.normalTensor(shape, deviation: gain * (2 / Fans(shape).sum).squareRoot())
        case .uniform(let lowest, let highest):
            return Self.drawn(shape) { lowest + (highest - lowest) * stream.uniform() }
        case .normal(let mean, let deviation):
            return Self.drawn(shape) { mean + deviation * stream.normal() }
        case .truncatedNormal(let mean, let deviation, let lowest, let highest):
            guard lowest <= highest else {
                fatalError("truncated normal: the bounds \(lowest) and \(highest) are the wrong way round")
            }
            return stream.truncatedNormalTensor(
                shape, mean: mean, deviation: deviation, in: lowest...highest)
        case .orthogonal(let gain):
            return orthogonalTensor(shape, gain: gain, from: &stream)
        case .constant(let value):
            return Tensor(repeating: Float(value), shape: shape)
        }
    }

    private static func kaiming(
        _ shape: [Int], _ fan: Fan, _ slope: Double, numerator: Double
    ) -> Double {
        (numerator / ((1 + slope * slope) * Double(Fans(shape)[fan]))).squareRoot()
    }

    private static func drawn(_ shape: [Int], _ draw: () -> Double) -> Tensor {
        Tensor((0..<shape.reduce(1, *)).map { _ in Float(draw()) }, shape: shape)
    }
}
