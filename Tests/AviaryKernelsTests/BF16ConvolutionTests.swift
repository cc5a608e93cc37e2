import AviaryKernels
import Testing

/// Every kernel for convolutions in bf16 against the plain one of the same numbers in double precision.
@Suite(.enabled(if: RealKind.bf16.hasProducts, "this processor has no products of bf16"))
struct BF16ConvolutionTests {
    static let examples = [
        ConvolutionExample("one pixel under a window of 3×3", 1, 16, 16, 1, 1, rows: ConvolutionExample.same),
        ConvolutionExample("odd extents", 3, 32, 48, 7, 5, rows: ConvolutionExample.same),
        ConvolutionExample("stride 2, an odd extent", 2, 16, 32, 9, 8, rows: ConvolutionExample.halved),
        ConvolutionExample("pixels", 2, 32, 16, 6, 5, rows: WindowAxis(kernel: 1)),
        ConvolutionExample("every second pixel", 2, 16, 32, 7, 6, rows: WindowAxis(kernel: 1, stride: 2)),
        ConvolutionExample(
            "dilation and asymmetric padding", 2, 16, 16, 9, 8,
            rows: WindowAxis(kernel: 3, dilation: 2, before: 0, behind: 3),
            columns: WindowAxis(kernel: 2, stride: 3, dilation: 3, before: 3, behind: 1)),
        ConvolutionExample(
            "windows that leave pixels out", 1, 16, 16, 8, 9, rows: WindowAxis(kernel: 2, stride: 3)),
        ConvolutionExample(
            "7×7", 1, 16, 16, 8, 8, rows: WindowAxis(kernel: 7, stride: 2, before: 3, behind: 3)),
        ConvolutionExample(
            "several rounds, the last one shorter", 5, 16, 16, 33, 31, rows: ConvolutionExample.same),
        ConvolutionExample(
            "several rounds of every second window", 9, 16, 32, 33, 34, rows: ConvolutionExample.halved),
        ConvolutionExample("3 channels", 2, 3, 16, 8, 8, rows: ConvolutionExample.same),
    ]

    /// In blocks of 16, and with all channels side by side.
    private func everyLayout(
        _ example: ConvolutionExample, sums: Double = 0.005,
        _ body: (EveryConvolution<UInt16>) throws -> Void
    ) throws {
        for block in [16, 0] {
            let shape = try example.shape(.bf16, block: block)
            // Results are rounded to 8 bits, a sixth of a percent of the numbers; Winograd's operands are a second time.
            try body(EveryConvolution(shape: shape) { $0 == "winograd-bf16" ? 0.03 : sums })
        }
    }

    /// The comparisons below go over the kernels that there are: of these there are some on every processor.
    @Test(
        arguments: examples.dropFirst().prefix(4),
        [ConvolutionDirection.forward, .backwardData, .backwardWeights])
    func `common shapes have a kernel`(example: ConvolutionExample, direction: ConvolutionDirection) throws {
        let shape = try example.shape(.bf16, block: 0)
        #expect(ConvolutionKernel.exists(for: ConvolutionTask(shape, direction)))
    }

    @Test(arguments: examples, ConvolutionExample.endings)
    func forward(example: ConvolutionExample, ending: ConvolutionEnding) throws {
        try everyLayout(example) { $0.forward(ending) }
    }

    @Test(arguments: examples)
    func `backward by the source`(example: ConvolutionExample) throws {
        try everyLayout(example) { $0.backwardData() }
    }

    /// Products of bf16 are exact in single precision: only sums are rounded, but of Winograd's.
    @Test(arguments: examples)
    func `backward by the weights`(example: ConvolutionExample) throws {
        try everyLayout(example, sums: 1e-4) { $0.backwardWeights() }
    }

    @Test func `windows are a way where channels lie side by side and fill tiles`() throws {
        let example = try #require(Self.examples.dropFirst().first)
        let blocks = try example.shape(.bf16, block: 16)
        #expect(ConvolutionKernel.all(for: ConvolutionTask(blocks, .forward))["windows"] == nil)
        for direction in [ConvolutionDirection.forward, .backwardData, .backwardWeights] {
            let task = ConvolutionTask(try example.shape(.bf16, block: 0), direction)
            #expect(ConvolutionKernel.all(for: task)["windows"] != nil)
        }
        let single = try example.shape(.f32, block: 0)
        #expect(ConvolutionKernel.all(for: ConvolutionTask(single, .forward))["windows"] == nil)
    }
}
