import CAviaryOneDNN
import Synchronization

/// Convolution by oneDNN, in single precision; layouts are those of the shape, weights are plain.
package enum OneDNNConvolution {
    /// What is computed from what.
    package enum Direction: Hashable, Sendable {
        case forward, backwardData, backwardWeights

        var c: aviary_direction {
            switch self {
            case .forward: AVIARY_FORWARD
            case .backwardData: AVIARY_BACKWARD_DATA
            case .backwardWeights: AVIARY_BACKWARD_WEIGHTS
            }
        }
    }

    /// Whether oneDNN has a kernel for this shape in its layouts; else it runs a loop a thousand times slower.
    package static func hasKernel(
        _ shape: ConvolutionShape, _ direction: Direction, hasBias: Bool = false
    ) -> Bool {
        let key = Key(shape: shape, direction: direction, hasBias: hasBias)
        let place = Place(key: key, threadCount: Parallel.threadCount)
        return answers.withLock { answers in
            if let known = answers[place] { return known }
            var c = shape.c
            let answer = aviary_convolution_has_kernel(&c, direction.c, hasBias)
            answers[place] = answer
            return answer
        }
    }

    /// The convolution, plus a bias `[O]` where there is one; fills the last channel block with zeros.
    package static func forward(
        _ shape: ConvolutionShape, source: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        bias: UnsafePointer<Float>? = nil, destination: UnsafeMutablePointer<Float>
    ) {
        run(shape, .forward, source, weights, bias, destination)
    }

    package static func backwardData(
        _ shape: ConvolutionShape, destinationGradient: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        sourceGradient: UnsafeMutablePointer<Float>
    ) {
        run(shape, .backwardData, destinationGradient, weights, nil, sourceGradient)
    }

    package static func backwardWeights(
        _ shape: ConvolutionShape, source: UnsafePointer<Float>, destinationGradient: UnsafePointer<Float>,
        weightGradient: UnsafeMutablePointer<Float>
    ) {
        run(shape, .backwardWeights, source, destinationGradient, nil, weightGradient)
    }

    private static func run(
        _ shape: ConvolutionShape, _ direction: Direction, _ first: UnsafePointer<Float>,
        _ second: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>
    ) {
        let key = Key(shape: shape, direction: direction, hasBias: bias != nil)
        let primitive = primitives.primitive(for: key)
        mustSucceed(aviary_convolution_run(primitive, first, second, bias, output), "convolution")
    }

    private struct Key: Hashable, Sendable {
        let shape: ConvolutionShape
        let direction: Direction
        let hasBias: Bool
    }

    private struct Place: Hashable {
        let key: Key
        let threadCount: Int
    }

    private static let answers = Mutex<[Place: Bool]>([:])

    private static let primitives = PrimitiveCache<Key> { key, error in
        var shape = key.shape.c
        return aviary_convolution_create(&shape, key.direction.c, key.hasBias, error)
    }
}
