import CAviaryKernels

/// Convolution in bf16 by the processor's tiles (AMX), without windows in memory: an image with zeros around it is the
/// left operand of one product for each element of the window (`tile_grid.h`).
///
/// Channels lie side by side; both counts of them are multiples of 16. Sums are f32 and rounded once; no result depends
/// on the number of threads.
struct TileConvolution: ConvolutionImplementation {
    let task: ConvolutionTask

    /// Whether there is a kernel for this task in its layouts.
    static func serves(_ task: ConvolutionTask) -> Bool {
        let shape = task.shape
        return shape.kind == .bf16 && shape.kind.hasProducts && shape.groups == 1 && shape.isChannelsLast
            && shape.source.batch > 0 && max(shape.rows.stride, shape.columns.stride) <= 2
            && shape.rows.kernel * shape.columns.kernel <= Int(AVIARY_TILE_AREA)
            && shape.source.channels.isMultiple(of: 16) && shape.destination.channels.isMultiple(of: 16)
            && aviary_has_tiles()
    }

    var form: String {
        let (shape, isBackward) = (task.shape, task.direction == .backwardData)
        return "tiles of \(shape.destination.channels)x\(shape.rows.kernel * shape.columns.kernel)x"
            + "\(shape.source.channels)\(isBackward ? " for the source" : "")"
    }

    var packedByteCount: Int? {
        task.shape.weightCount * (task.direction == .backwardWeights ? 4 : 2)
    }

    var scratchByteCount: Int {
        withTask { convolution in
            switch task.direction {
            case .forward: Int(aviary_tiles_forward_scratch(convolution))
            case .backwardData: Int(aviary_tiles_backward_data_scratch(convolution))
            case .backwardWeights: Int(aviary_tiles_backward_weights_scratch(convolution))
            }
        }
    }

    /// Plain weights into tiles, or a gradient in tiles into a plain one.
    func pack(_ from: UnsafeRawPointer, into packed: UnsafeMutableRawPointer) {
        withTask { convolution in
            switch task.direction {
            case .forward, .backwardData:
                aviary_tiles_pack(
                    convolution, task.direction == .backwardData, from.assumingMemoryBound(to: UInt16.self),
                    packed.assumingMemoryBound(to: UInt16.self))
            case .backwardWeights:
                aviary_tiles_unpack(
                    convolution, from.assumingMemoryBound(to: Float.self),
                    packed.assumingMemoryBound(to: Float.self))
            }
        }
    }

    func run(
        _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, bias: UnsafePointer<Float>?,
        into output: UnsafeMutableRawPointer, scratch: UnsafeMutableRawBufferPointer
    ) {
        guard scratch.count >= scratchByteCount, let scratch = scratch.baseAddress else {
            fatalError("convolution by tiles: \(scratchByteCount) bytes of scratch wanted")
        }
        let (one, other) = (
            first.assumingMemoryBound(to: UInt16.self), second.assumingMemoryBound(to: UInt16.self)
        )
        withTask { convolution in
            switch task.direction {
            case .forward:
                var ending = task.ending.inLoops(bias)
                aviary_tiles_forward(
                    convolution, one, other, &ending, output.assumingMemoryBound(to: UInt16.self), scratch)
            case .backwardData:
                aviary_tiles_backward_data(
                    convolution, one, other, output.assumingMemoryBound(to: UInt16.self), scratch)
            case .backwardWeights:
                aviary_tiles_backward_weights(
                    convolution, one, other, output.assumingMemoryBound(to: Float.self), scratch)
            }
        }
    }

    private func withTask<R>(_ body: (UnsafePointer<aviary_tile_convolution>) -> R) -> R {
        var convolution = aviary_tile_convolution(
            windows: task.shape.windows(images: task.shape.source.batch),
            outputs: Int64(task.shape.destination.channels))
        return body(&convolution)
    }
}
