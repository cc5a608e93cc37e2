/// What a batch norm does beside normalising, scaling and shifting.
package struct BatchNormForm: Sendable {
    package var images: ImageShape
    package var epsilon: Double
    /// Whether what comes out below 0 becomes 0, after the residual was added.
    package var hasReLU: Bool
    /// Whether mean and variance are given and do not depend on the source.
    package var hasConstantStatistics: Bool

    package init(_ images: ImageShape, epsilon: Double, hasReLU: Bool, hasConstantStatistics: Bool) {
        self.images = images
        self.epsilon = epsilon
        self.hasReLU = hasReLU
        self.hasConstantStatistics = hasConstantStatistics
    }
}

/// What a batch norm knows of each channel.
///
/// Mean and variance are written where they are the batch's own.
package struct BatchNormChannels<Scalar> {
    package let scale: UnsafePointer<Scalar>
    package let shift: UnsafePointer<Scalar>
    package let mean: UnsafeMutablePointer<Scalar>
    package let variance: UnsafeMutablePointer<Scalar>

    package init(
        scale: UnsafePointer<Scalar>, shift: UnsafePointer<Scalar>, mean: UnsafeMutablePointer<Scalar>,
        variance: UnsafeMutablePointer<Scalar>
    ) {
        (self.scale, self.shift, self.mean, self.variance) = (scale, shift, mean, variance)
    }
}

/// What backward reads beside the channels: images as they lie in memory.
package struct BatchNormUpstream<Element> {
    package let source: UnsafePointer<Element>
    /// What forward gave, by which the ReLU's mask is known; `nil` where nothing is masked, or the mask is computed
    /// from the source again.
    package let output: UnsafePointer<Element>?
    package let gradient: UnsafePointer<Element>
    /// What came back along a second way and is added.
    package let other: UnsafePointer<Element>?

    package init(
        source: UnsafePointer<Element>, output: UnsafePointer<Element>?, gradient: UnsafePointer<Element>,
        other: UnsafePointer<Element>?
    ) {
        (self.source, self.output, self.gradient, self.other) = (source, output, gradient, other)
    }
}

/// Where backward writes.
package struct BatchNormDownstream<Element, Scalar> {
    package let source: UnsafeMutablePointer<Element>
    /// The masked sum of the gradients that came back; `nil` where nobody asks for it.
    package let residual: UnsafeMutablePointer<Element>?
    package let scale: UnsafeMutablePointer<Scalar>
    package let shift: UnsafeMutablePointer<Scalar>

    package init(
        source: UnsafeMutablePointer<Element>, residual: UnsafeMutablePointer<Element>?,
        scale: UnsafeMutablePointer<Scalar>, shift: UnsafeMutablePointer<Scalar>
    ) {
        (self.source, self.residual, self.scale, self.shift) = (source, residual, scale, shift)
    }
}
