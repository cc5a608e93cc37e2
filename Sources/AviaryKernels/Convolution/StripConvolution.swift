import CAviaryKernels

/// Convolution in f32 whose sums stay in registers for a strip of pixels (`strip_convolution.c`).
///
/// It fetches weights before they are wanted and computes nothing beyond the edges of an image, which tells where there
/// are few pixels and many channels. Forward, and by the source with strides of 1; images and results lie in blocks of 16
/// channels. No result depends on the number of threads.
struct StripConvolution: ConvolutionImplementation {
    let task: ConvolutionTask

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

    /// Weights in another order.
    var packedByteCount: Int? { 4 * task.shape.weightCount }

    var form: String {
        let (shape, isBackward) = (task.shape, task.direction == .backwardData)
        return "strips of \(shape.destination.channels)x\(shape.rows.kernel * shape.columns.kernel)x"
            + "\(shape.source.channels)\(isBackward ? " for the source" : "")"
    }

    var scratchByteCount: Int { 0 }

    func pack(_ from: UnsafeRawPointer, into packed: UnsafeMutableRawPointer) {
        Self.withConvolution(task) {
            aviary_strips_pack(
                $0, task.direction == .backwardData, from.assumingMemoryBound(to: Float.self),
                packed.assumingMemoryBound(to: Float.self))
        }
    }

    func run(
        _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, bias: UnsafePointer<Float>?,
        into output: UnsafeMutableRawPointer, scratch: UnsafeMutableRawBufferPointer
    ) {
        let ending = task.ending.inLoops(bias)
        Self.withConvolution(task) {
            aviary_strips_run(
                $0, first.assumingMemoryBound(to: Float.self), second.assumingMemoryBound(to: Float.self),
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
