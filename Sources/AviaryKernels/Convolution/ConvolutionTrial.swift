/// Memory to time kernels of one task in, one after the other: zeros, as their speed does not depend on the numbers.
///
/// Packed weights are there already: they are kept for as long as weights stay, forward and backward alike. They lie in
/// several places and every run reads the next, because in a pass the layers before have filled the caches with theirs:
/// a kernel that reads four times as many bytes (Winograd) must not be timed from cache. Their gradient is taken out of
/// its form each time, which is timed too.
final class ConvolutionTrial {
    /// Bytes of weights that second-level caches of a few cores do not hold.
    private static let coldByteCount = 16 << 20

    private let task: ConvolutionTask
    private let source: UnsafeMutableRawBufferPointer
    private let destination: UnsafeMutableRawBufferPointer
    private let weights: [UnsafeMutableRawBufferPointer]
    private let bias: UnsafeMutableRawBufferPointer
    private let scratch: UnsafeMutableRawBufferPointer
    private let plainGradient: UnsafeMutableRawBufferPointer
    private var runCount = 0

    init(of kernels: [ConvolutionKernel], for task: ConvolutionTask) {
        func zeros(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
            let size = max(64, byteCount)
            let bytes = UnsafeMutableRawBufferPointer(start: SystemMemory.allocate(size), count: size)
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            return bytes
        }
        let shape = task.shape
        source = zeros(shape.source.elementCount * shape.kind.byteCount)
        destination = zeros(shape.destination.elementCount * shape.kind.byteCount)
        let packedSize = kernels.map { $0.packedByteCount ?? 4 * shape.weightCount }.max() ?? 0
        let placeCount = min(32, max(1, Self.coldByteCount / max(1, packedSize)))
        weights = (0..<placeCount).map { _ in zeros(packedSize) }
        bias = zeros(4 * shape.destination.channels)
        scratch = zeros(kernels.map(\.scratchByteCount).max() ?? 0)
        plainGradient = zeros(task.direction == .backwardWeights ? 4 * shape.weightCount : 0)
        self.task = task
    }

    deinit {
        for bytes in [source, destination, bias, scratch, plainGradient] + weights {
            if let start = bytes.baseAddress { SystemMemory.release(start) }
        }
    }

    func run(_ kernel: ConvolutionKernel) {
        runCount += 1
        guard let x = source.baseAddress, let y = destination.baseAddress,
            let w = weights[runCount % weights.count].baseAddress
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
