import CAviaryOneDNN

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A kernel for one shape, direction, kind and layout.
///
/// It takes weights packed into a form of its own, and gives their gradient in one.
package struct ConvolutionKernel: @unchecked Sendable {  // a primitive guards itself with a lock (`primitive.c`)
    private let primitive: OpaquePointer

    init(primitive: OpaquePointer) {
        self.primitive = primitive
    }

    /// Bytes of packed weights; `nil` where they are taken plain.
    package var packedByteCount: Int? {
        let size = Int(aviary_convolution_packed_size(primitive))
        return size > 0 ? size : nil
    }

    /// Which form packed weights have; kernels with equal numbers take the same bytes.
    package var form: Int { Int(aviary_convolution_form(primitive)) }

    /// Plain weights `[O, C / groups, kernel, kernel]` into the form, or a gradient in the form into a plain one.
    package func pack(_ from: UnsafeRawPointer, into packed: UnsafeMutableRawPointer) {
        mustSucceed(aviary_convolution_pack(primitive, from, packed), "packing of weights")
    }

    /// Computes.
    ///
    /// - Parameters:
    ///   - first: The source, or the destination's gradient for backward data.
    ///   - second: The packed weights, or the destination's gradient for backward weights.
    ///   - bias: `[O]`, of a forward kernel that was made for one.
    ///   - output: What is computed; zeros fill the last channel block.
    package func run(
        _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, bias: UnsafePointer<Float>? = nil,
        into output: UnsafeMutableRawPointer
    ) {
        mustSucceed(aviary_convolution_run(primitive, first, second, bias, output), "convolution")
    }
}

extension ConvolutionKernel {
    /// Whether there is more for a task, in its layouts, than a loop a thousand times slower.
    package static func exists(for task: ConvolutionTask) -> Bool {
        !OneDNNConvolution.ways(task).isEmpty
    }

    /// The fastest kernel, timed once for each task and thread count (`KernelChoices`).
    package static func fastest(for task: ConvolutionTask) -> ConvolutionKernel {
        let ways = OneDNNConvolution.ways(task)
        guard ways.count > 1 else { return OneDNNConvolution.kernel(task, way: ways.first ?? .direct) }
        func way(_ name: String) -> OneDNNConvolution.Way { ways.first { $0.rawValue == name } ?? ways[0] }
        let question = Question(task: task, threadCount: Parallel.threadCount)
        let chosen = KernelChoices.shared.choice(for: question, among: ways.map(\.rawValue)) { name in
            let trial = Trial(task)
            let kernel = OneDNNConvolution.kernel(task, way: way(name))
            return { trial.run(kernel) }
        }
        return OneDNNConvolution.kernel(task, way: way(chosen))
    }

    private struct Question: KernelQuestion {
        let task: ConvolutionTask
        let threadCount: Int

        var text: String { "\(task.text) t\(threadCount)" }
    }
}

/// Memory to time a kernel in.
private final class Trial {
    private let source: UnsafeMutableRawPointer
    private let destination: UnsafeMutableRawPointer
    private let weights: UnsafeMutableRawPointer
    private let task: ConvolutionTask

    init(_ task: ConvolutionTask) {
        func zeros(_ byteCount: Int) -> UnsafeMutableRawPointer {
            let bytes = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
            bytes.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
            return bytes
        }
        let shape = task.shape
        let width = shape.kind.byteCount
        source = zeros(shape.source.elementCount * width)
        destination = zeros(shape.destination.elementCount * width)
        let packed = OneDNNConvolution.ways(task).compactMap {
            OneDNNConvolution.kernel(task, way: $0).packedByteCount
        }
        weights = zeros(max(4 * shape.weightCount, packed.max() ?? 0))
        self.task = task
    }

    deinit {
        source.deallocate()
        destination.deallocate()
        weights.deallocate()
    }

    func run(_ kernel: ConvolutionKernel) {
        let bias = UnsafePointer(weights.assumingMemoryBound(to: Float.self))
        switch task.direction {
        case .forward:
            kernel.run(source, weights, bias: task.ending.hasBias ? bias : nil, into: destination)
        case .backwardData: kernel.run(destination, weights, into: source)
        case .backwardWeights: kernel.run(source, destination, into: weights)
        }
    }
}
