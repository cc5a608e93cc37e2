import CAviaryOneDNN

/// Convolution by oneDNN, in single precision; layouts are those of the shape, weights are plain.
package enum OneDNNConvolution {
    package static func forward(
        _ shape: ConvolutionShape, source: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        destination: UnsafeMutablePointer<Float>
    ) {
        run(shape, AVIARY_FORWARD, source, weights, destination)
    }

    package static func backwardData(
        _ shape: ConvolutionShape, destinationGradient: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        sourceGradient: UnsafeMutablePointer<Float>
    ) {
        run(shape, AVIARY_BACKWARD_DATA, destinationGradient, weights, sourceGradient)
    }

    package static func backwardWeights(
        _ shape: ConvolutionShape, source: UnsafePointer<Float>, destinationGradient: UnsafePointer<Float>,
        weightGradient: UnsafeMutablePointer<Float>
    ) {
        run(shape, AVIARY_BACKWARD_WEIGHTS, source, destinationGradient, weightGradient)
    }

    private static func run(
        _ shape: ConvolutionShape, _ direction: aviary_direction, _ first: UnsafePointer<Float>,
        _ second: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
    ) {
        let primitive = primitives.primitive(for: Key(shape: shape, direction: direction.rawValue))
        mustSucceed(aviary_convolution_run(primitive, first, second, output), "convolution")
    }

    private struct Key: Hashable, Sendable {
        let shape: ConvolutionShape
        let direction: UInt32
    }

    private static let primitives = PrimitiveCache<Key> { key, error in
        var shape = key.shape.c
        return aviary_convolution_create(&shape, aviary_direction(key.direction), error)
    }
}
