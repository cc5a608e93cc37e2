import CAviaryKernels

/// Convolution in f32 whose sums stay in registers for a strip of pixels (`strip_convolution.c`).
///
/// It reads each weight from memory once and computes nothing beyond the edges of an image, which tells where there are
/// few pixels and many channels. Forward, and by the source with strides of 1; images and results lie in blocks of 16
/// channels. No result depends on the number of threads.
enum StripConvolution {
    /// Whether there is a kernel for this task in its layouts.
    static func serves(_ task: ConvolutionTask) -> Bool {
        let shape = task.shape
        guard shape.kind == .f32, shape.groups == 1, shape.source.channelBlock == 16,
            shape.destination.channelBlock == 16
        else { return false }
        return switch task.direction {
        case .forward: withConvolution(task) { aviary_strips_serve($0) }
        case .backwardData:
            max(shape.rows.stride, shape.columns.stride) == 1
                && withConvolution(task) { aviary_strips_serve($0) }
        case .backwardWeights: false
        }
    }

    /// The form of packed weights in words.
    static func form(_ task: ConvolutionTask) -> String {
        let (shape, isBackward) = (task.shape, task.direction == .backwardData)
        return "strips of \(shape.destination.channels)x\(shape.rows.kernel * shape.columns.kernel)x"
            + "\(shape.source.channels)\(isBackward ? " for the source" : "")"
    }

    /// Plain weights into the form, which has as many bytes.
    static func pack(
        _ task: ConvolutionTask, _ plain: UnsafeRawPointer, into packed: UnsafeMutableRawPointer
    ) {
        withConvolution(task) {
            aviary_strips_pack(
                $0, task.direction == .backwardData, plain.assumingMemoryBound(to: Float.self),
                packed.assumingMemoryBound(to: Float.self))
        }
    }

    /// Computes; operands as `ConvolutionKernel.run` takes them.
    static func run(
        _ task: ConvolutionTask, _ first: UnsafeRawPointer, _ weights: UnsafeRawPointer,
        bias: UnsafePointer<Float>?, into output: UnsafeMutableRawPointer
    ) {
        let ending = aviary_strip_ending(
            bias: bias, adds: task.ending.adds, relu: task.ending.isRectified)
        withConvolution(task) {
            aviary_strips_run(
                $0, first.assumingMemoryBound(to: Float.self), weights.assumingMemoryBound(to: Float.self),
                ending, output.assumingMemoryBound(to: Float.self))
        }
    }

    /// The task as a forward convolution: by the source it is one of the gradient, with windows turned round.
    private static func withConvolution<R>(
        _ task: ConvolutionTask, _ body: (UnsafePointer<aviary_strip_convolution>) -> R
    ) -> R {
        var convolution = aviary_strip_convolution(
            windows: task.shape.windows(images: task.shape.source.batch),
            outputs: Int64(task.shape.destination.channels))
        if task.direction == .backwardData { convolution = aviary_strips_backward(&convolution) }
        return body(&convolution)
    }
}
