import CAviaryOneDNN

/// Batch norm by oneDNN, in single precision, in the layout of the image shape.
package enum OneDNNBatchNorm {
    /// Writes the batch's mean and biased variance, and the normalised, scaled and shifted values.
    package static func forwardTraining(
        _ shape: ImageShape, epsilon: Float, source: UnsafePointer<Float>, scale: UnsafePointer<Float>,
        shift: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>, variance: UnsafeMutablePointer<Float>,
        destination: UnsafeMutablePointer<Float>
    ) {
        var arguments = aviary_batch_norm_arguments()
        arguments.source = UnsafeRawPointer(source)
        (arguments.scale, arguments.shift) = (scale, shift)
        (arguments.mean, arguments.variance) = (mean, variance)
        arguments.destination = UnsafeMutableRawPointer(destination)
        run(Key(shape: shape, epsilon: epsilon, isTraining: true, isBackward: false), &arguments)
    }

    /// Normalises by the given statistics.
    package static func forwardEvaluation(
        _ shape: ImageShape, epsilon: Float, source: UnsafePointer<Float>, scale: UnsafePointer<Float>,
        shift: UnsafePointer<Float>, mean: UnsafePointer<Float>, variance: UnsafePointer<Float>,
        destination: UnsafeMutablePointer<Float>
    ) {
        var arguments = aviary_batch_norm_arguments()
        arguments.source = UnsafeRawPointer(source)
        (arguments.scale, arguments.shift) = (scale, shift)
        arguments.mean = UnsafeMutablePointer(mutating: mean)
        arguments.variance = UnsafeMutablePointer(mutating: variance)
        arguments.destination = UnsafeMutableRawPointer(destination)
        run(Key(shape: shape, epsilon: epsilon, isTraining: false, isBackward: false), &arguments)
    }

    /// The three gradients of the training form.
    package static func backward(
        _ shape: ImageShape, epsilon: Float, source: UnsafePointer<Float>, scale: UnsafePointer<Float>,
        shift: UnsafePointer<Float>, mean: UnsafePointer<Float>, variance: UnsafePointer<Float>,
        destinationGradient: UnsafePointer<Float>, sourceGradient: UnsafeMutablePointer<Float>,
        scaleGradient: UnsafeMutablePointer<Float>, shiftGradient: UnsafeMutablePointer<Float>
    ) {
        var arguments = aviary_batch_norm_arguments()
        arguments.source = UnsafeRawPointer(source)
        // oneDNN 2.6 wants the shift as well, although no gradient depends on it.
        (arguments.scale, arguments.shift) = (scale, shift)
        arguments.mean = UnsafeMutablePointer(mutating: mean)
        arguments.variance = UnsafeMutablePointer(mutating: variance)
        arguments.destination_gradient = UnsafeRawPointer(destinationGradient)
        arguments.source_gradient = UnsafeMutableRawPointer(sourceGradient)
        (arguments.scale_gradient, arguments.shift_gradient) = (scaleGradient, shiftGradient)
        run(Key(shape: shape, epsilon: epsilon, isTraining: true, isBackward: true), &arguments)
    }

    private static func run(_ key: Key, _ arguments: inout aviary_batch_norm_arguments) {
        mustSucceed(aviary_batch_norm_run(primitives.primitive(for: key), &arguments), "batch norm")
    }

    private struct Key: Hashable, Sendable {
        let shape: ImageShape
        let epsilon: Float
        let isTraining: Bool
        let isBackward: Bool
    }

    private static let primitives = PrimitiveCache<Key> { key, error in
        var image = key.shape.c
        return aviary_batch_norm_create(&image, key.epsilon, key.isTraining, key.isBackward, error)
    }
}
