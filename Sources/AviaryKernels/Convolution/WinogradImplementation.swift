/// `WinogradConvolution` among the ways of a task; weights are taken plain, in bf16.
struct WinogradImplementation: ConvolutionImplementation {
    let task: ConvolutionTask

    /// Whether there is a kernel for this task in its layouts: with no ending but a bias.
    static func serves(_ task: ConvolutionTask) -> Bool {
        task.shape.kind == .bf16 && !task.ending.adds && !task.ending.isRectified
            && WinogradConvolution.serves(task.shape)
    }

    var packedByteCount: Int? { nil }
    var form: String { "plain" }
    var scratchByteCount: Int { WinogradConvolution.scratchByteCount(task.shape, task.direction) }

    func pack(_ from: UnsafeRawPointer, into packed: UnsafeMutableRawPointer) {
        fatalError("convolution: a kernel that takes plain weights packs none")
    }

    func run(
        _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, bias: UnsafePointer<Float>?,
        into output: UnsafeMutableRawPointer, scratch: UnsafeMutableRawBufferPointer
    ) {
        switch task.direction {
        case .forward:
            WinogradConvolution.forward(
                task.shape, source: first, weights: second, weightsKind: .bf16, bias: bias,
                destination: output, scratch: scratch)
        case .backwardData:
            WinogradConvolution.backwardData(
                task.shape, destinationGradient: first, weights: second, weightsKind: .bf16,
                sourceGradient: output, scratch: scratch)
        case .backwardWeights:
            WinogradConvolution.backwardWeights(
                task.shape, source: first, destinationGradient: second,
                weightGradient: output.assumingMemoryBound(to: Float.self), scratch: scratch)
        }
    }
}
