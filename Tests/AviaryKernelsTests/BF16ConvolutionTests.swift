import AviaryKernels
import Testing

/// Every kernel for convolutions in bf16 against the plain one of the same numbers in double precision.
@Suite(.enabled(if: RealKind.bf16.hasProducts, "this processor has no products of bf16"))
struct BF16ConvolutionTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let batch, channels, outputs, height, width: Int
        let rows, columns: WindowAxis

        init(
            _ name: String, _ batch: Int, _ channels: Int, _ outputs: Int, _ height: Int, _ width: Int,
            rows: WindowAxis, columns: WindowAxis? = nil
        ) {
            (testDescription, self.batch, self.channels, self.outputs) = (name, batch, channels, outputs)
            (self.height, self.width, self.rows, self.columns) = (height, width, rows, columns ?? rows)
        }
    }

    private static let same = WindowAxis(kernel: 3, before: 1, behind: 1)
    private static let halved = WindowAxis(kernel: 3, stride: 2, before: 1, behind: 1)

    static let examples = [
        Example("one pixel under a window of 3×3", 1, 16, 16, 1, 1, rows: same),
        Example("odd extents", 3, 32, 48, 7, 5, rows: same),
        Example("stride 2, an odd extent", 2, 16, 32, 9, 8, rows: halved),
        Example("pixels", 2, 32, 16, 6, 5, rows: WindowAxis(kernel: 1)),
        Example("every second pixel", 2, 16, 32, 7, 6, rows: WindowAxis(kernel: 1, stride: 2)),
        Example(
            "dilation and asymmetric padding", 2, 16, 16, 9, 8,
            rows: WindowAxis(kernel: 3, dilation: 2, before: 0, behind: 3),
            columns: WindowAxis(kernel: 2, stride: 3, dilation: 3, before: 3, behind: 1)),
        Example("windows that leave pixels out", 1, 16, 16, 8, 9, rows: WindowAxis(kernel: 2, stride: 3)),
        Example("7×7", 1, 16, 16, 8, 8, rows: WindowAxis(kernel: 7, stride: 2, before: 3, behind: 3)),
        Example("several rounds, the last one shorter", 5, 16, 16, 33, 31, rows: same),
        Example("several rounds of every second window", 9, 16, 32, 33, 34, rows: halved),
        Example("3 channels", 2, 3, 16, 8, 8, rows: same),
    ]

    /// Blocks of 16, and all channels side by side.
    private func layouts(_ example: Example) throws -> [ConvolutionShape] {
        let image = ImageShape(
            batch: example.batch, channels: example.channels, height: example.height, width: example.width)
        var shape = try #require(
            ConvolutionShape(
                source: image, outputChannels: example.outputs, rows: example.rows, columns: example.columns))
        shape.kind = .bf16
        return [
            shape.blocked(source: 16, destination: 16),
            shape.blocked(source: example.channels, destination: example.outputs),
        ]
    }

    /// Results are rounded to 8 bits, a sixth of a percent of the numbers; Winograd's operands are a second time.
    private func tolerance(_ name: String) -> Double { name == "winograd-bf16" ? 0.03 : 0.005 }

    @Test(
        arguments: examples,
        [
            ConvolutionEnding(), ConvolutionEnding(hasBias: true),
            ConvolutionEnding(hasBias: true, adds: true, isRectified: true),
        ])
    func forward(example: Example, ending: ConvolutionEnding) throws {
        for shape in try layouts(example) {
            let plain = shape.blocked(source: 1, destination: 1)
            let x: [UInt16] = imageNumbers(plain.source.elementCount, 1)
            let w: [UInt16] = imageNumbers(plain.weightCount, 2)
            let bias: [Float] = imageNumbers(example.outputs, 4)
            let held: [UInt16] = imageNumbers(plain.destination.elementCount, 5)
            var expected = [Double](repeating: .nan, count: held.count)
            PlainConvolution.forward(
                plain, source: x.map(\.decoded), weights: w.map(\.decoded),
                bias: ending.hasBias ? bias.map(Double.init) : nil, destination: &expected)
            if ending.adds { expected = zip(expected, held).map { $0 + $1.decoded } }
            if ending.isRectified { expected = expected.map { max(0, $0) } }
            for (name, kernel) in ConvolutionKernel.all(for: ConvolutionTask(shape, .forward, ending)) {
                let weights = Memory(
                    [UInt16](repeating: 0x7FC0, count: (kernel.packedByteCount ?? 0) / 2) + w)
                if kernel.packedByteCount != nil { kernel.pack(w, into: weights.start) }
                let output = Memory(
                    blocked(
                        ending.adds ? held : [UInt16](repeating: 0x7FC0, count: held.count),
                        shape.destination))
                let shift = Memory(bias)
                withScratch(kernel) {
                    kernel.run(
                        blocked(x, shape.source), weights.start, bias: ending.hasBias ? shift.read : nil,
                        into: output.start, scratch: $0)
                }
                let what = "\(name), blocks of \(shape.source.channelBlock)"
                expectNear(
                    unblocked(output.numbers, shape.destination, what), expected, within: tolerance(name),
                    what)
            }
        }
    }

    @Test(arguments: examples)
    func `backward by the source`(example: Example) throws {
        for shape in try layouts(example) {
            let plain = shape.blocked(source: 1, destination: 1)
            let dy: [UInt16] = imageNumbers(plain.destination.elementCount, 3)
            let w: [UInt16] = imageNumbers(plain.weightCount, 2)
            var expected = [Double](repeating: 0, count: plain.source.elementCount)
            PlainConvolution.backwardData(
                plain, destinationGradient: dy.map(\.decoded), weights: w.map(\.decoded),
                sourceGradient: &expected)
            for (name, kernel) in ConvolutionKernel.all(for: ConvolutionTask(shape, .backwardData)) {
                let weights = Memory(
                    [UInt16](repeating: 0x7FC0, count: (kernel.packedByteCount ?? 0) / 2) + w)
                if kernel.packedByteCount != nil { kernel.pack(w, into: weights.start) }
                let output = Memory([UInt16](repeating: 0x7FC0, count: shape.source.elementCount))
                withScratch(kernel) {
                    kernel.run(
                        blocked(dy, shape.destination), weights.start, into: output.start, scratch: $0)
                }
                let what = "\(name), blocks of \(shape.source.channelBlock)"
                expectNear(
                    unblocked(output.numbers, shape.source, what), expected, within: tolerance(name), what)
            }
        }
    }

    @Test(arguments: examples)
    func `backward by the weights`(example: Example) throws {
        for shape in try layouts(example) {
            let plain = shape.blocked(source: 1, destination: 1)
            let x: [UInt16] = imageNumbers(plain.source.elementCount, 1)
            let dy: [UInt16] = imageNumbers(plain.destination.elementCount, 3)
            var expected = [Double](repeating: 0, count: plain.weightCount)
            PlainConvolution.backwardWeights(
                plain, source: x.map(\.decoded), destinationGradient: dy.map(\.decoded),
                weightGradient: &expected)
            for (name, kernel) in ConvolutionKernel.all(for: ConvolutionTask(shape, .backwardWeights)) {
                let gradient = Memory([Float](repeating: .nan, count: plain.weightCount))
                let packed = Memory([Float](repeating: .nan, count: (kernel.packedByteCount ?? 0) / 4))
                let isPlain = kernel.packedByteCount == nil
                withScratch(kernel) {
                    kernel.run(
                        blocked(x, shape.source), blocked(dy, shape.destination),
                        into: isPlain ? gradient.start : packed.start, scratch: $0)
                }
                if !isPlain { kernel.pack(packed.start, into: gradient.start) }
                // Products of bf16 are exact in single precision: only sums are rounded, but of Winograd's.
                let bound = name == "winograd-bf16" ? 0.03 : 1e-4
                expectNear(
                    gradient.numbers.map(Double.init), expected, within: bound,
                    "\(name), blocks of \(shape.source.channelBlock)")
            }
        }
    }

    @Test func `windows are a way where channels lie side by side and fill tiles`() throws {
        let example = try #require(Self.examples.dropFirst().first)
        let shapes = try layouts(example)
        #expect(ConvolutionKernel.all(for: ConvolutionTask(shapes[0], .forward))["windows"] == nil)
        for direction in [ConvolutionDirection.forward, .backwardData, .backwardWeights] {
            #expect(ConvolutionKernel.all(for: ConvolutionTask(shapes[1], direction))["windows"] != nil)
        }
        var single = shapes[1]
        single.kind = .f32
        #expect(ConvolutionKernel.all(for: ConvolutionTask(single, .forward))["windows"] == nil)
    }

    /// Lends scratch full of NaN: what is read before it is written shows.
    private func withScratch(_ kernel: ConvolutionKernel, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: kernel.scratchByteCount, alignment: 64) { scratch in
            scratch.initializeMemory(as: UInt8.self, repeating: 0xFF)
            body(scratch)
        }
    }
}
