/// Memory to time kernels of one task in, one after the other: zeros, as their speed does not depend on the numbers.
///
/// Packed weights are there already: they are kept for as long as weights stay, forward and backward alike. Each run of a
/// kernel reads those that lie behind the ones of its last run, because in a pass the layers before have filled the caches
/// with theirs: one that reads four times as many bytes (Winograd) must not be timed from cache. A gradient is taken out
/// of its form each time, which is timed too.
final class ConvolutionTrial {
    /// Bytes of weights that second-level caches of a few cores do not hold.
    private static let leastWeightBytes = 16 << 20

    private let task: ConvolutionTask
    private let source: UnsafeMutableRawBufferPointer
    private let destination: UnsafeMutableRawBufferPointer
    private let weights: UnsafeMutableRawBufferPointer
    private let bias: UnsafeMutableRawBufferPointer
    private let scratch: UnsafeMutableRawBufferPointer
    private let plainGradient: UnsafeMutableRawBufferPointer

    init(of kernels: [ConvolutionKernel], for task: ConvolutionTask) {
        func zeros(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
            let size = max(64, byteCount)
            let bytes = UnsafeMutableRawBufferPointer(start: SystemMemory.allocate(size), count: size)
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            return bytes
        }
        let shape = task.shape
        let isGradient = task.direction == .backwardWeights
        let largest = kernels.map { Self.weightBytes($0, task) }.max() ?? 0
        source = zeros(shape.source.elementCount * shape.kind.byteCount)
        destination = zeros(shape.destination.elementCount * shape.kind.byteCount)
        weights = zeros(isGradient ? largest : max(Self.leastWeightBytes, 2 * largest))
        bias = zeros(4 * shape.destination.channels)
        scratch = zeros(kernels.map(\.scratchByteCount).max() ?? 0)
        plainGradient = zeros(isGradient ? 4 * shape.weightCount : 0)
        self.task = task
    }

    deinit {
        for bytes in [source, destination, weights, bias, scratch, plainGradient] {
            if let start = bytes.baseAddress { SystemMemory.release(start) }
        }
    }

    /// What computes the task once, each time with the next weights.
    func runs(of kernel: ConvolutionKernel) -> () -> Void {
        let size = Self.weightBytes(kernel, task)
        var offset = 0
        return { [self] in
            if offset + size > weights.count { offset = 0 }
            run(kernel, weightsAt: offset)
            offset += size
        }
    }

    /// Bytes of the weights that a kernel reads, to the end of a cache line.
    private static func weightBytes(_ kernel: ConvolutionKernel, _ task: ConvolutionTask) -> Int {
        ((kernel.packedByteCount ?? 4 * task.shape.weightCount) + 63) / 64 * 64
    }

    private func run(_ kernel: ConvolutionKernel, weightsAt offset: Int) {
        guard let x = source.baseAddress, let y = destination.baseAddress,
            let w = weights.baseAddress.map({ $0 + offset })
        else { fatalError("convolution: nothing to time \(task.text) in") }
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
