/// Batch norm over `[N, C, H, W]` as the paper writes it, with a residual sum and a ReLU behind it: the reference, and
/// the form for double precision.
///
/// Source: Ioffe and Szegedy 2015, algorithm 1; backward by the chain rule given in its section 3.
package enum PlainBatchNorm {
    /// Normalises by the batch's statistics, which it writes, or by given ones; scales, shifts, adds, rectifies.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        _ form: BatchNormForm, channels: BatchNormChannels<T>, source: UnsafePointer<T>,
        residual: UnsafePointer<T>?, destination: UnsafeMutablePointer<T>
    ) {
        let s = form.images
        if !form.hasConstantStatistics {
            statistics(s, source: source, mean: channels.mean, variance: channels.variance)
        }
        for c in 0..<s.channels {
            let inverse = 1 / (channels.variance[c] + T(form.epsilon)).squareRoot()
            s.eachElement(channel: c) {
                let normalised = (source[$0] - channels.mean[c]) * inverse
                var y = normalised * channels.scale[c] + channels.shift[c]
                if let residual { y += residual[$0] }
                destination[$0] = form.hasReLU && y < 0 ? 0 : y
            }
        }
    }

    /// The batch's mean and biased variance of each channel.
    private static func statistics<T: BinaryFloatingPoint>(
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

    /// The gradients by source, residual, scale and shift; a norm with ReLU must be given its output.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint>(
        _ form: BatchNormForm, channels: BatchNormChannels<T>, upstream: BatchNormUpstream<T>,
        into gradients: BatchNormDownstream<T, T>
    ) {
        let (s, source) = (form.images, upstream.source)
        let count = T(s.batch * s.height * s.width)
        for c in 0..<s.channels {
            let inverse = 1 / (channels.variance[c] + T(form.epsilon)).squareRoot()
            let (mean, scale) = (channels.mean[c], channels.scale[c])
            var (sum, product): (T, T) = (0, 0)
            s.eachElement(channel: c) {
                let gradient = upstream.masked(at: $0, form.hasReLU)
                gradients.residual?[$0] = gradient
                sum += gradient
                product += gradient * (source[$0] - mean) * inverse
            }
            gradients.scale[c] = product
            gradients.shift[c] = sum
            if form.hasConstantStatistics { (sum, product) = (0, 0) }
            s.eachElement(channel: c) {
                let normalised = (source[$0] - mean) * inverse
                let gradient = upstream.masked(at: $0, form.hasReLU)
                let centred = gradient - sum / count - normalised * product / count
                gradients.source[$0] = scale * inverse * centred
            }
        }
    }
}

extension BatchNormUpstream where Element: BinaryFloatingPoint {
    /// The sum of what came back along both ways, where the ReLU let something through.
    @inline(__always)
    fileprivate func masked(at offset: Int, _ hasReLU: Bool) -> Element {
        guard let output else {
            if hasReLU { fatalError("batch norm: the plain form finds a ReLU's mask from the output alone") }
            return gradient[offset] + (other?[offset] ?? 0)
        }
        return hasReLU && !(output[offset] > 0) ? 0 : gradient[offset] + (other?[offset] ?? 0)
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
