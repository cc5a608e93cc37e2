/// Memory to time kernels of one task in, one after the other: zeros, as their speed does not depend on the numbers.
///
/// Packed weights are there already: they are kept for as long as weights stay, forward and backward alike. Their
/// gradient is taken out of its form each time, which is timed too.
final class ConvolutionTrial {
    private let task: ConvolutionTask
    private let source: UnsafeMutableRawBufferPointer
    private let destination: UnsafeMutableRawBufferPointer
    private let weights: UnsafeMutableRawBufferPointer
    private let bias: UnsafeMutableRawBufferPointer
    private let scratch: UnsafeMutableRawBufferPointer
    private let plainGradient: UnsafeMutableRawBufferPointer

    init(of kernels: [ConvolutionKernel], for task: ConvolutionTask) {
        func zeros(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(64, byteCount), alignment: 64)
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            return bytes
        }
        let shape = task.shape
        source = zeros(shape.source.elementCount * shape.kind.byteCount)
        destination = zeros(shape.destination.elementCount * shape.kind.byteCount)
        weights = zeros(kernels.map { $0.packedByteCount ?? 4 * shape.weightCount }.max() ?? 0)
        bias = zeros(4 * shape.destination.channels)
        scratch = zeros(kernels.map(\.scratchByteCount).max() ?? 0)
        plainGradient = zeros(task.direction == .backwardWeights ? 4 * shape.weightCount : 0)
        self.task = task
    }

    deinit {
        for bytes in [source, destination, weights, bias, scratch, plainGradient] { bytes.deallocate() }
    }

    func run(_ kernel: ConvolutionKernel) {
        guard let x = source.baseAddress, let y = destination.baseAddress, let w = weights.baseAddress else {
            fatalError("convolution: nothing to time \(task.text) in")
        }
        switch task.direction {
        case .forward:
            let bias =
                task.ending.hasBias
                ? UnsafePointer(bias.baseAddress?.assumingMemoryBound(to: Float.self)) : nil
            kernel.run(x, w, bias: bias, into: y, scratch: scratch)
        case .backwardData: kernel.run(y, w, into: x, scratch: scratch)
        case .backwardWeights:
            kernel.run(x, y, into: w, scratch: scratch)
            guard kernel.packedByteCount != nil, let plain = plainGradient.baseAddress else { return }
            kernel.pack(w, into: plain)
        }
    }
}
