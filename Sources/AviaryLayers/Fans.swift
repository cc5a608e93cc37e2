import AviaryTensors

/// Which side of a layer an initialisation keeps the variance of.
public enum Fan: Sendable {
    /// Inputs of one output: the forward pass.
    case incoming
    /// Outputs of one input: the backward pass.
    case outgoing
}

/// How many numbers meet in one output of a layer, and how many one input goes to.
///
/// Source: PyTorch's `_calculate_fan_in_and_fan_out`; a grouped convolution's fan-out is that of all groups,
/// as there.
public struct Fans: Sendable, Equatable {
    /// Inputs of one output.
    public let incoming: Int
    /// Outputs of one input.
    public let outgoing: Int

    /// Those of weights `[out, in, …]`; stops the program unless there are two axes.
    public init(_ shape: [Int]) {
        guard shape.count >= 2 else { shapeMistake("fans", shape, "[out, in, …]") }
        let area = shape.dropFirst(2).reduce(1, *)
        (incoming, outgoing) = (shape[1] * area, shape[0] * area)
    }

    /// The one on a side.
    public subscript(_ fan: Fan) -> Int { fan == .incoming ? incoming : outgoing }

    /// The bound of PyTorch's own uniform weights and biases: 1 / √fan-in, and 0 where nothing comes in.
    var uniformBound: Double { incoming > 0 ? 1 / Double(incoming).squareRoot() : 0 }

    var sum: Double { Double(incoming + outgoing) }
}

/// A function between layers, for how much wider an initialisation before it has to be.
public enum Nonlinearity: Sendable {
    case linear
    case sigmoid
    case tanh
    case relu
    case leakyReLU(slope: Double = 0.01)
    case selu

    /// The factor on a deviation that keeps the variance through the function.
    ///
    /// Source: PyTorch's `calculate_gain`.
    public var gain: Double {
        switch self {
        case .linear, .sigmoid: 1
        case .tanh: 5 / 3
        case .relu: 2.0.squareRoot()
        case .leakyReLU(let slope): (2 / (1 + slope * slope)).squareRoot()
        case .selu: 3 / 4
        }
    }
}
