import CAviaryKernels

/// The extents of a parameter-free shortcut: every `stride`-th pixel, zero channels added on both sides.
package struct IdentityPadShape: Hashable, Sendable {
    package let source: ImageShape
    package let destination: ImageShape
    package let stride: Int

    /// Up to `channels`; as many are added in front as behind.
    package init(_ source: ImageShape, channels: Int, stride: Int) {
        self.source = source
        self.stride = stride
        destination = ImageShape(
            batch: source.batch, channels: channels, height: (source.height - 1) / stride + 1,
            width: (source.width - 1) / stride + 1, channelBlock: source.channelBlock)
    }

    fileprivate var added: Int { (destination.channels - source.channels) / 2 }
}

/// The parameter-free shortcut.
///
/// Source: He et al. 2016, section 4.2, option A.
package enum IdentityPad {
    /// Moves elements of so many bytes, in any channel blocking; writes the zeros as well.
    package static func fastForward(
        _ shape: IdentityPadShape, elementSize: Int, source: UnsafeRawPointer,
        destination: UnsafeMutableRawPointer
    ) {
        var pad = c(shape, elementSize)
        aviary_identity_pad_forward(&pad, source, destination)
    }

    /// The gradient by the source, with zeros at the pixels that were left out.
    package static func fastBackward(
        _ shape: IdentityPadShape, elementSize: Int, gradient: UnsafeRawPointer,
        sourceGradient: UnsafeMutableRawPointer
    ) {
        var pad = c(shape, elementSize)
        aviary_identity_pad_backward(&pad, gradient, sourceGradient)
    }

    private static func c(_ shape: IdentityPadShape, _ elementSize: Int) -> aviary_identity_pad {
        let (s, d) = (shape.source, shape.destination)
        return aviary_identity_pad(
            batch: Int64(s.batch), block: Int64(s.channelBlock), stride: Int64(shape.stride),
            added: Int64(shape.added), channels: Int64(s.channels), height: Int64(s.height),
            width: Int64(s.width), wide_channels: Int64(d.channels), wide_height: Int64(d.height),
            wide_width: Int64(d.width), element_size: Int64(elementSize))
    }

    /// As it is written, into zeros: the reference.
    package static func plainForward<T>(
        _ shape: IdentityPadShape, source: UnsafePointer<T>, destination: UnsafeMutablePointer<T>
    ) {
        eachPair(shape) { input, output in destination[output] = source[input] }
    }

    /// As it is written, into zeros: the reference.
    package static func plainBackward<T>(
        _ shape: IdentityPadShape, gradient: UnsafePointer<T>, sourceGradient: UnsafeMutablePointer<T>
    ) {
        eachPair(shape) { input, output in sourceGradient[input] = gradient[output] }
    }

    private static func eachPair(_ shape: IdentityPadShape, _ body: (Int, Int) -> Void) {
        let (s, d) = (shape.source, shape.destination)
        for n in 0..<s.batch {
            for c in 0..<s.channels {
                let from = s.offset(image: n, channel: c)
                let to = d.offset(image: n, channel: c + shape.added)
                for y in 0..<d.height {
                    for x in 0..<d.width {
                        let pixel = y * shape.stride * s.width + x * shape.stride
                        body(from + pixel * s.channelBlock, to + (y * d.width + x) * d.channelBlock)
                    }
                }
            }
        }
    }
}
