/// The parameter-free shortcut: every `stride`-th pixel, zero channels added on both sides.
///
/// Source: He et al. 2016, section 4.2, option A.
package enum IdentityPad {
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        from s: ImageShape, to d: ImageShape, stride: Int, source: UnsafePointer<T>,
        destination: UnsafeMutablePointer<T>
    ) {
        eachPair(s, d, stride) { input, output in destination[output] = source[input] }
    }

    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint>(
        from s: ImageShape, to d: ImageShape, stride: Int, gradient: UnsafePointer<T>,
        sourceGradient: UnsafeMutablePointer<T>
    ) {
        eachPair(s, d, stride) { input, output in sourceGradient[input] = gradient[output] }
    }

    @inline(__always)
    private static func eachPair(_ s: ImageShape, _ d: ImageShape, _ stride: Int, _ body: (Int, Int) -> Void)
    {
        let added = (d.channels - s.channels) / 2
        Parallel.run(s.batch) { images in
            for n in images {
                for c in 0..<s.channels {
                    let (from, to) = (s.offset(image: n, channel: c), d.offset(image: n, channel: c + added))
                    for y in 0..<d.height {
                        for x in 0..<d.width {
                            let input = from + (y * stride * s.width + x * stride) * s.channelBlock
                            body(input, to + (y * d.width + x) * d.channelBlock)
                        }
                    }
                }
            }
        }
    }
}
