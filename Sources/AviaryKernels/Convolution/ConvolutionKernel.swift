/// A kernel for one task: shape, layouts, kind of element, direction and ending.
///
/// It takes weights packed into a form of its own, and gives their gradient in one.
package struct ConvolutionKernel: Sendable {
    private let implementation: any ConvolutionImplementation

    private init(_ implementation: any ConvolutionImplementation) {
        self.implementation = implementation
    }

    /// Bytes of packed weights; `nil` where they are taken plain.
    package var packedByteCount: Int? { implementation.packedByteCount }

    /// Which form packed weights have; kernels with equal names take the same bytes.
    package var form: String { implementation.form }

    /// Bytes that it scribbles in, beside what oneDNN holds for each thread.
    package var scratchByteCount: Int { implementation.scratchByteCount }

    /// Plain weights `[O, C / groups, kernel, kernel]` into the form, or a gradient in the form into a plain one.
    package func pack(_ from: UnsafeRawPointer, into packed: UnsafeMutableRawPointer) {
        implementation.pack(from, into: packed)
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
        implementation.run(first, second, bias: bias, into: output, scratch: scratch)
    }
}

extension ConvolutionKernel {
    /// Whether there is more for a task, in its layouts, than a loop a thousand times slower.
    package static func exists(for task: ConvolutionTask) -> Bool { !ways(task).isEmpty }

    /// The fastest kernel, timed once for each task and thread count (`KernelChoices`).
    package static func fastest(for task: ConvolutionTask) -> ConvolutionKernel {
        let ways = ways(task)
        // Where no layout has a kernel (`exists`), oneDNN's plain loop is what there is.
        guard !ways.isEmpty else {
            return ConvolutionKernel(OneDNNConvolution.implementation(task, way: .direct))
        }
        let question = Question(task: task, threadCount: Parallel.threadCount)
        let chosen = KernelChoices.shared.choice(for: question, among: ways.map(\.name)) {
            let kernels = ways.map { ConvolutionKernel($0.make()) }
            let trial = ConvolutionTrial(of: kernels, for: task)
            return kernels.map { trial.runs(of: $0) }
        }
        guard let way = ways.first(where: { $0.name == chosen }) else {
            fatalError("\(question.text): \(chosen) is none of the ways that were asked for")
        }
        return ConvolutionKernel(way.make())
    }

    /// All there is to choose from, by the names that `KernelChoices` knows.
    package static func all(for task: ConvolutionTask) -> [String: ConvolutionKernel] {
        Dictionary(uniqueKeysWithValues: ways(task).map { ($0.name, ConvolutionKernel($0.make())) })
    }

    private struct Way {
        let name: String
        let make: () -> any ConvolutionImplementation
    }

    private static func ways(_ task: ConvolutionTask) -> [Way] {
        var ways = OneDNNConvolution.ways(task).map { way in
            Way(name: way.rawValue) { OneDNNConvolution.implementation(task, way: way) }
        }
        if WinogradImplementation.serves(task) {
            ways.append(Way(name: "winograd-bf16") { WinogradImplementation(task: task) })
        }
        if WinogradF32Convolution.serves(task) {
            ways.append(Way(name: "winograd-f32") { WinogradF32Convolution(task: task) })
        }
        if WindowsConvolution.serves(task) {
            ways.append(Way(name: "windows") { WindowsConvolution(task: task) })
        }
        if TileConvolution.serves(task) { ways.append(Way(name: "tiles") { TileConvolution(task: task) }) }
        if StripConvolution.serves(task) { ways.append(Way(name: "strips") { StripConvolution(task: task) }) }
        return ways
    }

    private struct Question: KernelQuestion {
        let task: ConvolutionTask
        let threadCount: Int

        var text: String { "\(task.text) t\(threadCount)" }
    }
}
