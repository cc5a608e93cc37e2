import CAviaryKernels
import CAviaryOneDNN

/// What is computed of a convolution, from what.
package enum ConvolutionDirection: String, Hashable, Sendable {
    /// From source and weights.
    case forward
    /// The source's gradient, from the destination's and the weights.
    case backwardData = "backward-data"
    /// The weights' gradient, from source and destination's gradient.
    case backwardWeights = "backward-weights"

    var c: aviary_direction {
        switch self {
        case .forward: AVIARY_FORWARD
        case .backwardData: AVIARY_BACKWARD_DATA
        case .backwardWeights: AVIARY_BACKWARD_WEIGHTS
        }
    }
}

/// What is done to the sums of a forward convolution before they are written.
package struct ConvolutionEnding: Hashable, Sendable {
    /// A bias `[O]` is added.
    package var hasBias = false
    /// What the output holds already is added.
    package var adds = false
    /// The positive part is taken, last.
    package var isRectified = false

    package init(hasBias: Bool = false, adds: Bool = false, isRectified: Bool = false) {
        (self.hasBias, self.adds, self.isRectified) = (hasBias, adds, isRectified)
    }

    /// The same for kernels in C, with the bias where there is one.
    func inLoops(_ bias: UnsafePointer<Float>?) -> aviary_ending {
        aviary_ending(bias: bias, adds: adds, relu: isRectified)
    }
}

/// What a kernel is for.
package struct ConvolutionTask: Hashable, Sendable {
    package let shape: ConvolutionShape
    package let direction: ConvolutionDirection
    package let ending: ConvolutionEnding
    /// The same weights are taken many times, as by a model that is only asked: what is made of them may cost time.
    ///
    /// Says nothing of other directions and kinds of element, where no kernel would make more of them.
    package let keepsWeights: Bool

    package init(
        _ shape: ConvolutionShape, _ direction: ConvolutionDirection, _ ending: ConvolutionEnding = .init(),
        keepsWeights: Bool = false
    ) {
        (self.shape, self.direction, self.ending) = (shape, direction, ending)
        self.keepsWeights = keepsWeights && direction == .forward && shape.kind == .f32
    }

    /// One line of words, as `KernelChoices` writes it.
    var text: String {
        let endings = [
            ending.hasBias ? " bias" : "", ending.adds ? " sum" : "", ending.isRectified ? " relu" : "",
            keepsWeights ? " kept" : "",
        ]
        return "convolution \(direction.rawValue) \(shape.text)\(endings.joined())"
    }
}
