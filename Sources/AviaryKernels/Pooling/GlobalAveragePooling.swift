import CAviaryKernels

/// The mean of each channel's plane, in any channel blocking: `[N, C, H, W]` to `[N, C]`.
package enum GlobalAveragePooling {
    /// Of f32 (`Float`) or bf16 (`UInt16`), added up in double precision.
    package static func fastForward<E: StoredReal>(
        _ s: ImageShape, source: UnsafePointer<E>, destination: UnsafeMutablePointer<E>
    ) {
        var planes = s.planes
        aviary_plane_means(&planes, E.kind.inLoops, source, destination)
    }

    /// The gradient by the source; a last block that is not full is filled with zeros.
    package static func fastBackward<E: StoredReal>(
        _ s: ImageShape, gradient: UnsafePointer<E>, sourceGradient: UnsafeMutablePointer<E>
    ) {
        var planes = s.planes
        aviary_plane_means_backward(&planes, E.kind.inLoops, gradient, sourceGradient)
    }

    /// As it is written: the reference, and the form for double precision.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func plainForward<T: BinaryFloatingPoint>(
        _ s: ImageShape, source: UnsafePointer<T>, destination: UnsafeMutablePointer<T>
    ) {
        let (area, block) = (s.height * s.width, s.channelBlock)
        Parallel.run(s.batch) { images in
            for n in images {
                for c in 0..<s.channels {
                    let start = source + s.offset(image: n, channel: c)
                    var sum: T = 0
                    for position in 0..<area { sum += start[position * block] }
                    destination[n * s.channels + c] = sum / T(area)
                }
            }
        }
    }

    /// Writes every channel's pixels; what fills a last block is left alone.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func plainBackward<T: BinaryFloatingPoint>(
        _ s: ImageShape, gradient: UnsafePointer<T>, sourceGradient: UnsafeMutablePointer<T>
    ) {
        let (area, block) = (s.height * s.width, s.channelBlock)
        Parallel.run(s.batch) { images in
            for n in images {
                for c in 0..<s.channels {
                    let start = sourceGradient + s.offset(image: n, channel: c)
                    let share = gradient[n * s.channels + c] / T(area)
                    for position in 0..<area { start[position * block] = share }
                }
            }
        }
    }
}
