import CAviaryOneDNN

/// A kernel for one task: shape, layouts, kind of element, direction and ending.
///
/// It takes weights packed into a form of its own, and gives their gradient in one.
///
/// `@unchecked Sendable`: a primitive guards itself with a lock (`primitive.c`).
package struct ConvolutionKernel: @unchecked Sendable {
    private enum Implementation {
        case oneDNN(OpaquePointer)
        /// F(2×2, 3×3) in bf16, of our own.
        case winograd(ConvolutionTask)
    }

    private let implementation: Implementation

    private init(_ implementation: Implementation) {
        self.implementation = implementation
    }

    /// Bytes of packed weights; `nil` where they are taken plain.
    package var packedByteCount: Int? {
        guard case .oneDNN(let primitive) = implementation else { return nil }
        let size = Int(aviary_convolution_packed_size(primitive))
        return size > 0 ? size : nil
    }

    /// Which form packed weights have; kernels with equal numbers take the same bytes.
    package var form: Int? {
        guard case .oneDNN(let primitive) = implementation else { return nil }
        return Int(aviary_convolution_form(primitive))
    }

    /// Bytes that it scribbles in, beside what oneDNN holds for each thread.
    package var scratchByteCount: Int {
        guard case .winograd(let task) = implementation else { return 0 }
        return WinogradConvolution.scratchByteCount(task.shape, task.direction)
    }

    /// Plain weights `[O, C / groups, kernel, kernel]` into the form, or a gradient in the form into a plain one.
    package func pack(_ from: UnsafeRawPointer, into packed: UnsafeMutableRawPointer) {
        guard case .oneDNN(let primitive) = implementation else {
            fatalError("convolution: a kernel that takes plain weights packs none")
        }
        mustSucceed(aviary_convolution_pack(primitive, from, packed), "packing of weights")
    }

    /// Computes.
    ///
    /// - Parameters:
    ///   - first: The source, or the destination's gradient for backward data.
    ///   - second: The packed weights, or the destination's gradient for backward weights.
    ///   - bias: `[O]`, of a forward kernel that was made for one.
    ///   - output: What is computed, beginning at a cache line; zeros fill the last channel block.
    ///   - scratch: As long as the kernel says.
    package func run(
        _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, bias: UnsafePointer<Float>? = nil,
        into output: UnsafeMutableRawPointer, scratch: UnsafeMutableRawBufferPointer
    ) {
        switch implementation {
        case .oneDNN(let primitive):
            mustSucceed(aviary_convolution_run(primitive, first, second, bias, output), "convolution")
        case .winograd(let task):
            switch task.direction {
            case .forward:
                WinogradConvolution.forward(
                    task.shape, source: first, weights: second, weightsAreBF16: true, bias: bias,
                    destination: output, scratch: scratch)
            case .backwardData:
                WinogradConvolution.backwardData(
                    task.shape, destinationGradient: first, weights: second, weightsAreBF16: true,
                    sourceGradient: output, scratch: scratch)
            case .backwardWeights:
                WinogradConvolution.backwardWeights(
                    task.shape, source: first, destinationGradient: second,
                    weightGradient: output.assumingMemoryBound(to: Float.self), scratch: scratch)
            }
        }
    }
}

extension ConvolutionKernel {
    /// Whether there is more for a task, in its layouts, than a loop a thousand times slower.
    package static func exists(for task: ConvolutionTask) -> Bool { !ways(task).isEmpty }

    /// The fastest kernel, timed once for each task and thread count (`KernelChoices`).
    package static func fastest(for task: ConvolutionTask) -> ConvolutionKernel {
        let ways = ways(task)
        guard ways.count > 1 else { return kernel(task, ways.first ?? .oneDNN(.direct)) }
        let question = Question(task: task, threadCount: Parallel.threadCount)
        func way(_ name: String) -> Way { ways.first { $0.name == name } ?? ways[0] }
        let chosen = KernelChoices.shared.choice(for: question, among: ways.map(\.name)) { name in
            let kernel = kernel(task, way(name))
            let trial = ConvolutionTrial(of: kernel, for: task)
            return { trial.run() }
        }
        return kernel(task, way(chosen))
    }

    private enum Way {
        case oneDNN(OneDNNConvolution.Way)
        case winograd

        var name: String {
            switch self {
            case .oneDNN(let way): way.rawValue
            case .winograd: "winograd-bf16"
            }
        }
    }

    private static func ways(_ task: ConvolutionTask) -> [Way] {
        let isOurs =
            task.shape.kind == .bf16 && !task.ending.adds && !task.ending.isRectified
            && WinogradConvolution.serves(task.shape)
        return OneDNNConvolution.ways(task).map { .oneDNN($0) } + (isOurs ? [.winograd] : [])
    }

    private static func kernel(_ task: ConvolutionTask, _ way: Way) -> ConvolutionKernel {
        switch way {
        case .oneDNN(let way):
            ConvolutionKernel(.oneDNN(OneDNNConvolution.primitive(task, way: way)))
        case .winograd: ConvolutionKernel(.winograd(task))
        }
    }

    private struct Question: KernelQuestion {
        let task: ConvolutionTask
        let threadCount: Int

        var text: String { "\(task.text) t\(threadCount)" }
    }
}
