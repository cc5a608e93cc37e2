import CAviaryKernels

/// Convolution with windows of 3×3, one apart, by Winograd's F(2×2, 3×3): 16 multiplications for four results, where
/// the definition has 36.
///
/// Images and their gradients are bf16 in blocks of 16 channels, weights and their gradient plain. Sums and transforms
/// are in single precision; source and weights are rounded to bf16 after they are transformed. That errs by 0.4 % of
/// the results' size, where rounding the results alone makes 0.17. No result depends on the number of threads.
///
/// Source: Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", section 4.1.
package enum WinogradConvolution {
    /// Whether there is a kernel for this shape in its layouts, in every direction: whole blocks of channels, padding
    /// that keeps the extents, and a processor with `avx512_bf16`.
    package static func serves(_ shape: ConvolutionShape) -> Bool {
        shape.isForWinograd && shape.withWinograd { aviary_winograd_serves($0) }
    }

    /// Bytes of scratch that a direction takes with as many threads as there are now.
    package static func scratchByteCount(
        _ shape: ConvolutionShape, _ direction: ConvolutionDirection
    ) -> Int {
        shape.withWinograd { Int(aviary_winograd_scratch_size($0, direction.winogradPass)) }
    }

    /// The convolution of `source`, plus a bias `[O]` where there is one.
    ///
    /// Weights are `[O, C, 3, 3]`; those in f32 are rounded once less.
    package static func forward(
        _ shape: ConvolutionShape, source: UnsafeRawPointer, weights: UnsafeRawPointer, weightsKind: RealKind,
        bias: UnsafePointer<Float>? = nil, destination: UnsafeMutableRawPointer,
        scratch: UnsafeMutableRawBufferPointer
    ) {
        withScratch(scratch, shape, .forward) {
            aviary_winograd_forward(
                $0, source.assumingMemoryBound(to: UInt16.self), weights, weightsKind.inLoops, bias,
                destination.assumingMemoryBound(to: UInt16.self), $1)
        }
    }

    /// The gradient by the source: the same, with the windows turned by 180° and channels and outputs exchanged.
    package static func backwardData(
        _ shape: ConvolutionShape, destinationGradient: UnsafeRawPointer, weights: UnsafeRawPointer,
        weightsKind: RealKind, sourceGradient: UnsafeMutableRawPointer, scratch: UnsafeMutableRawBufferPointer
    ) {
        withScratch(scratch, shape, .backwardData) {
            aviary_winograd_backward_data(
                $0, destinationGradient.assumingMemoryBound(to: UInt16.self), weights, weightsKind.inLoops,
                sourceGradient.assumingMemoryBound(to: UInt16.self), $1)
        }
    }

    /// The gradient by the weights, `[O, C, 3, 3]` in f32.
    package static func backwardWeights(
        _ shape: ConvolutionShape, source: UnsafeRawPointer, destinationGradient: UnsafeRawPointer,
        weightGradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawBufferPointer
    ) {
        withScratch(scratch, shape, .backwardWeights) {
            aviary_winograd_backward_weights(
                $0, source.assumingMemoryBound(to: UInt16.self),
                destinationGradient.assumingMemoryBound(to: UInt16.self), weightGradient, $1)
        }
    }

    /// Lends a shape and scratch that is enough for it.
    ///
    /// What was measured for another number of threads, or a shape that is not served, would be written past its end: the
    /// number is asked for once.
    private static func withScratch(
        _ scratch: UnsafeMutableRawBufferPointer, _ shape: ConvolutionShape,
        _ direction: ConvolutionDirection,
        _ body: (UnsafePointer<aviary_winograd>, UnsafeMutableRawPointer) -> Void
    ) {
        guard serves(shape) else { fatalError("Winograd's convolution does not serve \(shape)") }
        shape.withWinograd { winograd in
            let wanted = Int(aviary_winograd_scratch_size(winograd, direction.winogradPass))
            guard let start = scratch.baseAddress, scratch.count >= wanted else {
                fatalError(
                    "Winograd's convolution: \(wanted) bytes of scratch wanted, \(scratch.count) given")
            }
            body(winograd, start)
        }
    }
}

extension ConvolutionShape {
    /// Whether windows and layouts are those of Winograd's convolutions: 3×3, one apart, with padding that keeps the
    /// extents, over channels in blocks of 16.
    var isForWinograd: Bool {
        let window = WindowAxis(kernel: 3, before: 1, behind: 1)
        return rows == window && columns == window && groups == 1 && source.channelBlock == 16
            && destination.channelBlock == 16
    }

    /// Lends such a shape as the kernels take it, for as many threads as there are now.
    func withWinograd<R>(_ body: (UnsafePointer<aviary_winograd>) -> R) -> R {
        var winograd = aviary_winograd(
            batch: Int64(source.batch), channels: Int64(source.channels),
            outputs: Int64(destination.channels), height: Int64(source.height), width: Int64(source.width),
            workers: Int64(Parallel.threadCount))
        return body(&winograd)
    }
}

extension ConvolutionDirection {
    var winogradPass: aviary_winograd_pass {
        switch self {
        case .forward: AVIARY_WINOGRAD_FORWARD
        case .backwardData: AVIARY_WINOGRAD_BACKWARD_DATA
        case .backwardWeights: AVIARY_WINOGRAD_BACKWARD_WEIGHTS
        }
    }
}
