import AviaryAutograd
import AviaryTensors

/// In which numbers the products of a training step are computed.
///
/// Parameters, their gradients and the optimizer's state are `f32` in each, and evaluation runs in `f32`.
public enum Precision: Sendable, Equatable {
    /// Everything in single precision.
    case f32
    /// Products on `bf16`, by the pass's lists.
    case bf16
    /// Products on `f16`, with a loss scale against gradients too small for it.
    case f16(LossScale = LossScale())

    /// As in a recipe.
    public var name: String {
        switch self {
        case .f32: "f32"
        case .bf16: "bf16"
        case .f16: "f16"
        }
    }

    /// What a pass of the training is given.
    var autocast: Autocast? {
        switch self {
        case .f32: nil
        case .bf16: .standard(.bf16)
        case .f16: .standard(.f16)
        }
    }

    /// The loss scale as it begins; `nil` where none is needed.
    var lossScale: LossScale? {
        if case .f16(let scale) = self { scale } else { nil }
    }
}
