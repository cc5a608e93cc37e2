/// Batch norm over `[N, C, H, W]` as the paper writes it: the reference, and the form for double precision.
///
/// Source: Ioffe and Szegedy 2015, algorithm 1; backward by the chain rule given in its section 3.
package enum PlainBatchNorm {
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func statistics<T: BinaryFloatingPoint>(
        _ s: ImageShape, source: UnsafePointer<T>, mean: UnsafeMutablePointer<T>,
        variance: UnsafeMutablePointer<T>
    ) {
        let count = T(s.batch * s.height * s.width)
        for c in 0..<s.channels {
            var sum: T = 0
            s.eachElement(channel: c) { sum += source[$0] }
            let average = sum / count
            var squares: T = 0
            s.eachElement(channel: c) { squares += (source[$0] - average) * (source[$0] - average) }
            mean[c] = average
            variance[c] = squares / count
        }
    }

    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func normalise<T: BinaryFloatingPoint>(
        _ s: ImageShape, epsilon: T, source: UnsafePointer<T>, scale: UnsafePointer<T>,
        shift: UnsafePointer<T>,
        mean: UnsafePointer<T>, variance: UnsafePointer<T>, destination: UnsafeMutablePointer<T>
    ) {
        for c in 0..<s.channels {
            let inverse = 1 / (variance[c] + epsilon).squareRoot()
            s.eachElement(channel: c) {
                destination[$0] = (source[$0] - mean[c]) * inverse * scale[c] + shift[c]
            }
        }
    }

    /// The three gradients; with `constantStatistics` mean and variance do not depend on the source.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint>(
        _ s: ImageShape, epsilon: T, constantStatistics: Bool, source: UnsafePointer<T>,
        scale: UnsafePointer<T>, mean: UnsafePointer<T>, variance: UnsafePointer<T>,
        destinationGradient: UnsafePointer<T>, sourceGradient: UnsafeMutablePointer<T>,
        scaleGradient: UnsafeMutablePointer<T>, shiftGradient: UnsafeMutablePointer<T>
    ) {
        let count = T(s.batch * s.height * s.width)
        for c in 0..<s.channels {
            let inverse = 1 / (variance[c] + epsilon).squareRoot()
            var (sum, product): (T, T) = (0, 0)
            s.eachElement(channel: c) {
                sum += destinationGradient[$0]
                product += destinationGradient[$0] * (source[$0] - mean[c]) * inverse
            }
            scaleGradient[c] = product
            shiftGradient[c] = sum
            if constantStatistics { (sum, product) = (0, 0) }
            s.eachElement(channel: c) {
                let normalised = (source[$0] - mean[c]) * inverse
                let centred = destinationGradient[$0] - sum / count - normalised * product / count
                sourceGradient[$0] = scale[c] * inverse * centred
            }
        }
    }
}

extension ImageShape {
    /// Visits the plain offsets of one channel's elements, image by image.
    @inline(__always)
    fileprivate func eachElement(channel: Int, _ body: (Int) -> Void) {
        for n in 0..<batch {
            let start = (n * channels + channel) * height * width
            for offset in start..<(start + height * width) { body(offset) }
        }
    }
}
