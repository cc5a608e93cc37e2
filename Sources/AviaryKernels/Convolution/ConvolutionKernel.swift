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
    /// Whether there is more for a shape, in its layouts, than a loop a thousand times slower.
    package static func exists(
        for shape: ConvolutionShape, _ direction: ConvolutionDirection, hasBias: Bool = false
    ) -> Bool {
        !OneDNNConvolution.ways(shape, direction, hasBias: hasBias).isEmpty
    }

    /// The fastest kernel, timed once for each shape, direction, kind and thread count (`KernelChoices`).
    package static func fastest(
        for shape: ConvolutionShape, _ direction: ConvolutionDirection, hasBias: Bool = false
    ) -> ConvolutionKernel {
        let ways = OneDNNConvolution.ways(shape, direction, hasBias: hasBias)
        func kernel(_ way: OneDNNConvolution.Way) -> ConvolutionKernel {
            OneDNNConvolution.kernel(shape, direction, hasBias: hasBias, way: way)
        }
        guard ways.count > 1 else { return kernel(ways.first ?? .direct) }
        let chosen = KernelChoices.shared.choice(
            for: "convolution \(direction.rawValue) \(shape.text) t\(Parallel.threadCount)",
            among: ways.map(\.rawValue)
        ) { name in
            let trial = Trial(shape, direction)
            let kernel = kernel(ways.first { $0.rawValue == name } ?? ways[0])
            return { trial.run(kernel, hasBias: hasBias) }
        }
        return kernel(ways.first { $0.rawValue == chosen } ?? ways[0])
    }
}

/// Memory to time a kernel in.
private final class Trial {
    private let source: UnsafeMutableRawPointer
    private let destination: UnsafeMutableRawPointer
    private let weights: UnsafeMutableRawPointer
    private let direction: ConvolutionDirection
    private let shape: ConvolutionShape

    init(_ shape: ConvolutionShape, _ direction: ConvolutionDirection) {
        func zeros(_ byteCount: Int) -> UnsafeMutableRawPointer {
            let bytes = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
            bytes.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
            return bytes
        }
        let width = shape.kind.byteCount
        source = zeros(shape.source.elementCount * width)
        destination = zeros(shape.destination.elementCount * width)
        let packed = OneDNNConvolution.ways(shape, direction, hasBias: false).compactMap {
            OneDNNConvolution.kernel(shape, direction, hasBias: false, way: $0).packedByteCount
        }
        weights = zeros(max(4 * shape.weightCount, packed.max() ?? 0))
        (self.shape, self.direction) = (shape, direction)
    }

    deinit {
        source.deallocate()
        destination.deallocate()
        weights.deallocate()
    }

    func run(_ kernel: ConvolutionKernel, hasBias: Bool) {
        let bias = UnsafePointer(weights.assumingMemoryBound(to: Float.self))
        switch direction {
        case .forward: kernel.run(source, weights, bias: hasBias ? bias : nil, into: destination)
        case .backwardData: kernel.run(destination, weights, into: source)
        case .backwardWeights: kernel.run(source, destination, into: weights)
        }
    }
}
