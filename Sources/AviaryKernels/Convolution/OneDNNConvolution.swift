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

/// Convolution by oneDNN; layouts and the kind of element are those of the shape.
package enum OneDNNConvolution {
    /// One of oneDNN's ways to the same sums.
    enum Way: String, CaseIterable, Sendable {
        case direct
        /// F(4×4, 3×3): a quarter of the products, errors a few times as large.
        case winograd
        /// The same as `direct`, where images whose channels all lie side by side are said to be `nhwc`.
        case channelsLast = "channels-last"

        var c: aviary_convolution_way {
            aviary_convolution_way(winograd: self == .winograd, channels_last: self == .channelsLast)
        }
    }

    /// The ways that oneDNN has kernels for, beside the loop that it tests them against.
    static func ways(_ shape: ConvolutionShape, _ direction: ConvolutionDirection, hasBias: Bool) -> [Way] {
        let place = Place(
            key: Key(shape: shape, direction: direction, hasBias: hasBias, way: .direct),
            threadCount: Parallel.threadCount)
        return answers.withLock { answers in
            if let known = answers[place] { return known }
            var c = shape.c
            let ways = Way.allCases.filter { way in
                if way == .channelsLast, !shape.isChannelsLast { return false }
                return aviary_convolution_has_kernel(&c, direction.c, hasBias, way.c)
            }
            answers[place] = ways
            return ways
        }
    }

    /// The kernel that goes one way.
    static func kernel(
        _ shape: ConvolutionShape, _ direction: ConvolutionDirection, hasBias: Bool, way: Way
    ) -> ConvolutionKernel {
        let key = Key(shape: shape, direction: direction, hasBias: hasBias, way: way)
        return ConvolutionKernel(primitive: primitives.primitive(for: key))
    }

    private struct Key: Hashable, Sendable {
        let shape: ConvolutionShape
        let direction: ConvolutionDirection
        let hasBias: Bool
        let way: Way
    }

    private struct Place: Hashable {
        let key: Key
        let threadCount: Int
    }

    private static let answers = Mutex<[Place: [Way]]>([:])

    private static let primitives = PrimitiveCache<Key> { key, error in
        var shape = key.shape.c
        return aviary_convolution_create(&shape, key.direction.c, key.hasBias, key.way.c, error)
    }
}
