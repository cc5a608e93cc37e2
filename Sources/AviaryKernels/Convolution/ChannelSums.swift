import CAviaryKernels

/// The sum of each channel over all images: `[N, C, H, W]` to `[C]`; the gradient of a convolution's bias.
package enum ChannelSums {
    /// Of f32 (`Float`) or bf16 (`UInt16`), in the layout of the shape.
    ///
    /// Sums go over fixed groups of images, whatever the number of threads.
    package static func fast<E: StoredReal>(
        _ shape: ImageShape, source: UnsafePointer<E>, sums: UnsafeMutablePointer<Float>
    ) {
        var planes = shape.planes
        let count = Int(aviary_channel_sums_scratch_count(&planes))
        withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { scratch in
            guard let start = scratch.baseAddress else { fatalError("channel sums: no scratch for \(shape)") }
            aviary_channel_sums(&planes, E.kind.inLoops, source, sums, start)
        }
    }

    /// As it is written, over plain images.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func plain<T: BinaryFloatingPoint>(
        _ shape: ImageShape, source: UnsafePointer<T>, sums: UnsafeMutablePointer<T>
    ) {
        let area = shape.height * shape.width
        for c in 0..<shape.channels {
            var sum: Double = 0
            for n in 0..<shape.batch {
                let plane = source + (n * shape.channels + c) * area
                for position in 0..<area { sum += Double(plane[position]) }
            }
            sums[c] = T(sum)
        }
    }
}
