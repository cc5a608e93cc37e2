import CAviaryOneDNN

/// A kernel for one task: shape, layouts, kind of element, direction and ending.
///
/// It takes weights packed into a form of its own, and gives their gradient in one.
package struct ConvolutionKernel: Sendable {
    private enum Implementation {
        case oneDNN(Primitive)
        /// F(2×2, 3×3) in bf16, of our own.
        case winograd(ConvolutionTask)
        /// One product of windows, in bf16.
        case windows(ConvolutionTask)
        /// Products of images by tiles, in bf16.
        case tiles(ConvolutionTask)
        /// Sums of strips of pixels, in f32.
        case strips(ConvolutionTask)
    }

    private let implementation: Implementation

    private init(_ implementation: Implementation) {
        self.implementation = implementation
    }

    /// Bytes of packed weights; `nil` where they are taken plain.
    package var packedByteCount: Int? {
        switch implementation {
        case .oneDNN(let primitive):
            let size = primitive.use { Int(aviary_convolution_packed_size($0)) }
            return size > 0 ? size : nil
        case .winograd: return nil
        case .windows(let task): return WindowsConvolution.packedByteCount(task)
        case .tiles(let task): return TileConvolution.packedByteCount(task)
        case .strips(let task): return 4 * task.shape.weightCount
        }
    }

    /// Which form packed weights have; kernels with equal names take the same bytes.
    package var form: String {
        switch implementation {
        case .oneDNN(let primitive): "oneDNN's \(primitive.use { aviary_convolution_form($0) })"
        case .winograd: "plain"
        case .windows(let task): WindowsConvolution.form(task.shape)
        case .tiles(let task): TileConvolution.form(task)
        case .strips(let task): StripConvolution.form(task)
        }
    }

    /// Bytes that it scribbles in, beside what oneDNN holds for each thread.
    package var scratchByteCount: Int {
        switch implementation {
        case .oneDNN, .strips: 0
        case .winograd(let task): WinogradConvolution.scratchByteCount(task.shape, task.direction)
        case .windows(let task): WindowsConvolution.scratchByteCount(task)
        case .tiles(let task): TileConvolution.scratchByteCount(task)
        }
    }

    /// Plain weights `[O, C / groups, kernel, kernel]` into the form, or a gradient in the form into a plain one.
    package func pack(_ from: UnsafeRawPointer, into packed: UnsafeMutableRawPointer) {
        switch implementation {
        case .oneDNN(let primitive):
            mustSucceed(primitive.use { aviary_convolution_pack($0, from, packed) }, "packing of weights")
        case .winograd: fatalError("convolution: a kernel that takes plain weights packs none")
        case .windows(let task): WindowsConvolution.pack(task, from, into: packed)
        case .tiles(let task): TileConvolution.pack(task, from, into: packed)
        case .strips(let task): StripConvolution.pack(task, from, into: packed)
        }
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
            mustSucceed(
                primitive.use { aviary_convolution_run($0, first, second, bias, output) }, "convolution")
        case .windows(let task):
            WindowsConvolution.run(task, first, second, bias: bias, into: output, scratch: scratch)
        case .tiles(let task):
            TileConvolution.run(task, first, second, bias: bias, into: output, scratch: scratch)
        case .strips(let task):
            StripConvolution.run(task, first, second, bias: bias, into: output)
        case .winograd(let task):
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
}

extension ConvolutionKernel {
    /// Whether there is more for a task, in its layouts, than a loop a thousand times slower.
    package static func exists(for task: ConvolutionTask) -> Bool { !ways(task).isEmpty }

    /// The fastest kernel, timed once for each task and thread count (`KernelChoices`).
    package static func fastest(for task: ConvolutionTask) -> ConvolutionKernel {
        let ways = ways(task)
        // Where no layout has a kernel (`exists`), oneDNN's plain loop is what there is.
        guard !ways.isEmpty else { return kernel(task, .oneDNN(.direct)) }
        let question = Question(task: task, threadCount: Parallel.threadCount)
        let chosen = KernelChoices.shared.choice(for: question, among: ways.map(\.name)) {
            let kernels = ways.map { kernel(task, $0) }
            let trial = ConvolutionTrial(of: kernels, for: task)
            return kernels.map { kernel in { trial.run(kernel) } }
        }
        guard let way = ways.first(where: { $0.name == chosen }) else {
            fatalError("\(question.text): \(chosen) is none of the ways that were asked for")
        }
        return kernel(task, way)
    }

    /// All there is to choose from, by the names that `KernelChoices` knows.
    package static func all(for task: ConvolutionTask) -> [String: ConvolutionKernel] {
        Dictionary(uniqueKeysWithValues: ways(task).map { ($0.name, kernel(task, $0)) })
    }

    private enum Way {
        case oneDNN(OneDNNConvolution.Way)
        case winograd
        case windows
        case tiles
        case strips

        var name: String {
            switch self {
            case .oneDNN(let way): way.rawValue
            case .winograd: "winograd-bf16"
            case .windows: "windows"
            case .tiles: "tiles"
            case .strips: "strips"
            }
        }
    }

    private static func ways(_ task: ConvolutionTask) -> [Way] {
        var ways = OneDNNConvolution.ways(task).map { Way.oneDNN($0) }
        let isPlain = task.shape.kind == .bf16 && !task.ending.adds && !task.ending.isRectified
        if isPlain, WinogradConvolution.serves(task.shape) { ways.append(.winograd) }
        if WindowsConvolution.serves(task.shape) { ways.append(.windows) }
        if TileConvolution.serves(task.shape) { ways.append(.tiles) }
        if StripConvolution.serves(task) { ways.append(.strips) }
        return ways
    }

    private static func kernel(_ task: ConvolutionTask, _ way: Way) -> ConvolutionKernel {
        switch way {
        case .oneDNN(let way):
            ConvolutionKernel(.oneDNN(OneDNNConvolution.primitive(task, way: way)))
        case .winograd: ConvolutionKernel(.winograd(task))
        case .windows: ConvolutionKernel(.windows(task))
        case .tiles: ConvolutionKernel(.tiles(task))
        case .strips: ConvolutionKernel(.strips(task))
        }
    }

    private struct Question: KernelQuestion {
        let task: ConvolutionTask
        let threadCount: Int

        var text: String { "\(task.text) t\(threadCount)" }
    }
}
