import CAviaryOneDNN
import Synchronization

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
}

/// What a kernel is for.
package struct ConvolutionTask: Hashable, Sendable {
    package let shape: ConvolutionShape
    package let direction: ConvolutionDirection
    package let ending: ConvolutionEnding

    package init(
        _ shape: ConvolutionShape, _ direction: ConvolutionDirection, _ ending: ConvolutionEnding = .init()
    ) {
        (self.shape, self.direction, self.ending) = (shape, direction, ending)
    }

    /// One line of words, as `KernelChoices` writes it.
    var text: String {
        let endings = [
            ending.hasBias ? " bias" : "", ending.adds ? " sum" : "", ending.isRectified ? " relu" : "",
        ]
        return "convolution \(direction.rawValue) \(shape.text)\(endings.joined())"
    }
}

/// Convolution by oneDNN; layouts and the kind of element are those of the shape.
package enum OneDNNConvolution {
    /// One of oneDNN's ways to the same sums.
    enum Way: String, CaseIterable, Sendable {
        case direct
        /// F(4×4, 3×3): a quarter of the products, errors a few times as large.
        case winograd
        /// The same as `direct`, where images whose channels all lie side by side are said to be `nhwc`.
        case channelsLast = "channels-last"

        func c(_ ending: ConvolutionEnding) -> aviary_convolution_way {
            aviary_convolution_way(
                winograd: self == .winograd, channels_last: self == .channelsLast, adds: ending.adds,
                relu: ending.isRectified)
        }
    }

    /// The ways that oneDNN has kernels for, beside the loop that it tests them against.
    static func ways(_ task: ConvolutionTask) -> [Way] {
        let place = Place(task: task, threadCount: Parallel.threadCount)
        return answers.withLock { answers in
            if let known = answers[place] { return known }
            var c = task.shape.c
            let ways = Way.allCases.filter { way in
                if way == .channelsLast, !task.shape.isChannelsLast { return false }
                return aviary_convolution_has_kernel(
                    &c, task.direction.c, task.ending.hasBias, way.c(task.ending))
            }
            answers[place] = ways
            return ways
        }
    }

    /// The primitive that goes one way.
    static func primitive(_ task: ConvolutionTask, way: Way) -> OpaquePointer {
        primitives.primitive(for: Key(task: task, way: way))
    }

    private struct Key: Hashable, Sendable {
        let task: ConvolutionTask
        let way: Way
    }

    private struct Place: Hashable {
        let task: ConvolutionTask
        let threadCount: Int
    }

    private static let answers = Mutex<[Place: [Way]]>([:])

    private static let primitives = PrimitiveCache<Key> { key, error in
        var shape = key.task.shape.c
        let ending = key.task.ending
        return aviary_convolution_create(
            &shape, key.task.direction.c, ending.hasBias, key.way.c(ending), error)
    }
}
