import CAviaryKernels

/// Convolution in f32 with windows of 3×3, one apart, by Winograd's F(4×4, 3×3): 36 multiplications for sixteen results,
/// where the definition has 144 (`winograd_f32.h`).
///
/// Sums that oneDNN's writes to memory between its products and its transforms stay in a core's cache here. It errs a few
/// times as much as other ways do, like oneDNN's. No result depends on the number of threads.
struct WinogradF32Convolution: ConvolutionImplementation {
    let task: ConvolutionTask

    /// Whether there is a kernel for this task in its layouts.
    static func serves(_ task: ConvolutionTask) -> Bool {
        task.shape.kind == .f32 && task.shape.isForWinograd
            && task.shape.withWinograd { aviary_winograd_f32_serves($0) }
    }

    var packedByteCount: Int? { nil }
    var form: String { "plain" }

    var scratchByteCount: Int {
        task.shape.withWinograd { Int(aviary_winograd_f32_scratch_size($0, task.direction.winogradPass)) }
    }

    func pack(_ from: UnsafeRawPointer, into packed: UnsafeMutableRawPointer) {
        fatalError("convolution: a kernel that takes plain weights packs none")
    }

    func run(
        _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, bias: UnsafePointer<Float>?,
        into output: UnsafeMutableRawPointer, scratch: UnsafeMutableRawBufferPointer
    ) {
        let first = first.assumingMemoryBound(to: Float.self)
        let second = second.assumingMemoryBound(to: Float.self)
        let output = output.assumingMemoryBound(to: Float.self)
        // The number of threads is asked for once: scratch that was measured for another may be too small.
        task.shape.withWinograd { winograd in
            let wanted = Int(aviary_winograd_f32_scratch_size(winograd, task.direction.winogradPass))
            guard let start = scratch.baseAddress, scratch.count >= wanted else {
                fatalError("\(task.text): \(wanted) bytes of scratch wanted, \(scratch.count) given")
            }
            let numbers = start.assumingMemoryBound(to: Float.self)
            switch task.direction {
            case .forward:
                aviary_winograd_f32_forward(
                    winograd, first, second, task.ending.inLoops(bias), output, numbers)
            case .backwardData: aviary_winograd_f32_backward_data(winograd, first, second, output, numbers)
            case .backwardWeights:
                aviary_winograd_f32_backward_weights(winograd, first, second, output, numbers)
            }
        }
    }
}
