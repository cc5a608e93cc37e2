import AviaryKernels
import Testing

/// Every kernel for convolutions in blocks of f32 against the plain one of the same numbers in double precision.
struct F32ConvolutionTests {
    private static let same = ConvolutionExample.same
    private static let halved = ConvolutionExample.halved

    /// Groups of four, two and one blocks of outputs; strips of every width, with one end, both and none over the edge,
    /// forward and by the source.
    static let examples = [
        ConvolutionExample("one pixel under a window of 3×3", 1, 16, 16, 1, 1, rows: same),
        ConvolutionExample("two pixels in a row", 2, 32, 64, 3, 2, rows: same),
        ConvolutionExample("4×4, seven blocks of outputs", 1, 64, 112, 4, 4, rows: same),
        ConvolutionExample("rows of six and five", 2, 32, 64, 5, 11, rows: same),
        ConvolutionExample("rows of eight, three blocks", 3, 16, 48, 3, 8, rows: same),
        ConvolutionExample("rows of fifteen", 1, 16, 96, 7, 15, rows: same),
        ConvolutionExample("stride 2, odd extents", 2, 48, 64, 9, 7, rows: halved),
        ConvolutionExample("stride 2, even extents", 1, 16, 32, 8, 16, rows: halved),
        ConvolutionExample("pixels", 2, 32, 80, 5, 6, rows: WindowAxis(kernel: 1)),
        ConvolutionExample("every second pixel", 2, 16, 80, 7, 6, rows: WindowAxis(kernel: 1, stride: 2)),
        ConvolutionExample(
            "pixels with zeros around them", 1, 16, 64, 3, 4,
            rows: WindowAxis(kernel: 1, before: 1, behind: 1)),
        ConvolutionExample(
            "2×2 with zeros around them", 1, 16, 64, 5, 6,
            rows: WindowAxis(kernel: 2, stride: 2, before: 2, behind: 2)),
        ConvolutionExample(
            "windows that leave pixels out", 1, 16, 16, 8, 9, rows: WindowAxis(kernel: 2, stride: 3)),
        ConvolutionExample(
            "5×2, dilated, uneven sides", 2, 32, 64, 9, 8, rows: WindowAxis(kernel: 5, before: 4, behind: 3),
            columns: WindowAxis(kernel: 2, dilation: 3, before: 1, behind: 0)),
        ConvolutionExample("2×2, one side", 2, 32, 32, 6, 7, rows: WindowAxis(kernel: 2, before: 1)),
        ConvolutionExample(
            "dilation and wide padding", 1, 16, 48, 8, 7,
            rows: WindowAxis(kernel: 3, dilation: 2, before: 3, behind: 3)),
        ConvolutionExample(
            "padding wider than a stride", 1, 16, 16, 6, 6, rows: WindowAxis(kernel: 5, before: 2, behind: 2)),
        ConvolutionExample(
            "fewer tiles than outputs, panels that are not full", 1, 192, 144, 8, 7, rows: same),
        ConvolutionExample("several groups of tiles, two stripes", 1, 64, 80, 33, 30, rows: same),
        ConvolutionExample("7×7", 2, 64, 64, 7, 7, rows: same),
        ConvolutionExample("two stripes of several chunks", 1, 64, 64, 33, 34, rows: same),
        ConvolutionExample("one stripe of several chunks", 1, 192, 192, 40, 38, rows: same),
    ]

    /// F(4×4)'s transforms multiply by up to 8 what rounding leaves; the others only sum in another order.
    private func every(_ example: ConvolutionExample) throws -> EveryConvolution<Float> {
        let shape = try example.shape(.f32, block: ImageShape.preferredChannelBlock)
        return EveryConvolution(shape: shape) { $0.hasPrefix("winograd") ? 2e-5 : 2e-6 }
    }

    /// The comparisons below go over the kernels that there are: of these there are some on every processor.
    @Test(
        arguments: examples.dropFirst().prefix(4),
        [ConvolutionDirection.forward, .backwardData, .backwardWeights])
    func `common shapes have a kernel`(example: ConvolutionExample, direction: ConvolutionDirection) throws {
        let shape = try example.shape(.f32, block: ImageShape.preferredChannelBlock)
        #expect(ConvolutionKernel.exists(for: ConvolutionTask(shape, direction)))
    }

    @Test(arguments: examples, ConvolutionExample.endings)
    func forward(example: ConvolutionExample, ending: ConvolutionEnding) throws {
        try every(example).forward(ending, keepsWeights: true)
    }

    @Test(arguments: examples)
    func `backward by the source`(example: ConvolutionExample) throws {
        try every(example).backwardData()
    }

    @Test(arguments: examples)
    func `backward by the weights`(example: ConvolutionExample) throws {
        try every(example).backwardWeights()
    }

    private static let hasAVX512 = Instructions.inUse >= .avx512 && ImageShape.preferredChannelBlock == 16

    private func ways(
        _ name: String, _ direction: ConvolutionDirection, block: Int = ImageShape.preferredChannelBlock,
        keepsWeights: Bool = false
    ) throws -> Set<String> {
        let example = try #require(Self.examples.first { $0.testDescription == name })
        let task = ConvolutionTask(
            try example.shape(.f32, block: block), direction, keepsWeights: keepsWeights)
        return Set(ConvolutionKernel.all(for: task).keys)
    }

    @Test(.enabled(if: hasAVX512, "this processor, or a switch, has no AVX-512"))
    func `strips are a way where a window reaches over an edge by no more than a stride`() throws {
        #expect(try ways("rows of fifteen", .forward).contains("strips"))
        #expect(try ways("rows of fifteen", .backwardData).contains("strips"))
        #expect(try !ways("rows of fifteen", .backwardWeights).contains("strips"))
        #expect(try !ways("rows of fifteen", .forward, block: 1).contains("strips"))
        #expect(try ways("stride 2, odd extents", .forward).contains("strips"))
        #expect(try !ways("stride 2, odd extents", .backwardData).contains("strips"))
        #expect(try !ways("padding wider than a stride", .forward).contains("strips"))
        #expect(try !ways("dilation and wide padding", .forward).contains("strips"))
        #expect(try ways("dilation and wide padding", .backwardData).contains("strips"))
        #expect(try ways("2×2, one side", .backwardData).contains("strips"))
    }

    @Test(.enabled(if: hasAVX512, "this processor, or a switch, has no AVX-512"))
    func `transformed weights are a way where they are kept, and do not take many times the memory`() throws {
        let way = "winograd-of-kept"
        #expect(try !ways("rows of fifteen", .forward).contains(way))
        #expect(try ways("rows of fifteen", .forward, keepsWeights: true).contains(way))
        #expect(try !ways("rows of fifteen", .backwardData, keepsWeights: true).contains(way))
        // F(4×4) of 512 channels takes 37 MB in place of 9, F(2×2) of one image 17.
        func largeWays(batch: Int) throws -> Set<String> {
            let example = ConvolutionExample("", batch, 512, 512, 4, 4, rows: Self.same)
            let task = ConvolutionTask(try example.shape(.f32, block: 16), .forward, keepsWeights: true)
            return Set(ConvolutionKernel.all(for: task).keys)
        }
        #expect(try !largeWays(batch: 64).contains(way))
        #expect(try largeWays(batch: 1).contains(way))
    }

    @Test(.enabled(if: hasAVX512, "this processor, or a switch, has no AVX-512"))
    func `the positive part by strips keeps NaN`() throws {
        let example = ConvolutionExample("", 1, 16, 16, 1, 4, rows: WindowAxis(kernel: 1))
        let shape = try example.shape(.f32, block: 16)
        let task = ConvolutionTask(shape, .forward, ConvolutionEnding(isRectified: true))
        let kernel = try #require(ConvolutionKernel.all(for: task)["strips"])
        var pixels = [Float](repeating: -1, count: 64)
        pixels[16] = .nan
        var (weights, output) = ([Float](repeating: 1, count: 256), [Float](repeating: 5, count: 64))
        kernel.pack([Float](repeating: 1, count: 256), into: &weights)
        kernel.run(pixels, weights, into: &output, scratch: .init(start: nil, count: 0))
        #expect(output.indices.allSatisfy { (16..<32).contains($0) ? output[$0].isNaN : output[$0] == 0 })
    }

    // MARK: - Winograd's, our own

    private static let ownWinograd = "winograd-f32"
    private static let ownWinogradExamples = examples.filter {
        $0.rows == same && $0.columns == same && min($0.channels, $0.outputs) >= 64 && $0.height != 7
    }

    @Test(
        .enabled(if: hasAVX512, "this processor, or a switch, has no AVX-512"),
        arguments: ownWinogradExamples,
        [ConvolutionDirection.forward, .backwardData, .backwardWeights])
    func `no bit of Winograd's depends on the number of threads`(
        example: ConvolutionExample, direction: ConvolutionDirection
    ) throws {
        let task = ConvolutionTask(try example.shape(.f32, block: 16), direction)
        let (shape, isGradient) = (task.shape, direction == .backwardWeights)
        let pixels = Memory<Float>(imageNumbers(shape.source.elementCount, 1))
        let results = Memory<Float>(imageNumbers(shape.destination.elementCount, 2))
        let weights = Memory<Float>(imageNumbers(shape.weightCount, 3))
        var seen = Set<[Float]>()
        for threads in [1, 2, 3, 5] {
            try Parallel.withThreadCount(threads) {
                let kernel = try #require(ConvolutionKernel.all(for: task)[Self.ownWinograd])
                let size =
                    switch direction {
                    case .forward: shape.destination.elementCount
                    case .backwardData: shape.source.elementCount
                    case .backwardWeights: shape.weightCount
                    }
                // What lies behind them is not touched.
                let behind = [Float](repeating: 12345, count: 16)
                let output = Memory([Float](repeating: .nan, count: size) + behind)
                let scratch = Memory([Float](repeating: .nan, count: kernel.scratchByteCount / 4) + behind)
                withExtendedLifetime((pixels, results, weights, scratch)) {
                    kernel.run(
                        direction == .backwardData ? results.start : pixels.start,
                        isGradient ? results.start : weights.start, into: output.start,
                        scratch: .init(start: scratch.start, count: kernel.scratchByteCount))
                }
                #expect(output.numbers.suffix(16) == behind[...])
                #expect(scratch.numbers.suffix(16) == behind[...])
                seen.insert(output.numbers)
            }
        }
        #expect(seen.count == 1)
        #expect(seen.allSatisfy { $0.allSatisfy(\.isFinite) })
    }

    @Test(.enabled(if: hasAVX512, "this processor, or a switch, has no AVX-512"))
    func `Winograd's is a way for windows of 3×3 that keep the extents, and at least 64 channels`() throws {
        let seven = "4×4, seven blocks of outputs"
        for direction in [ConvolutionDirection.forward, .backwardData, .backwardWeights] {
            #expect(try ways(seven, direction).contains(Self.ownWinograd))
            #expect(try !ways(seven, direction, block: 1).contains(Self.ownWinograd))
            #expect(try !ways("rows of fifteen", direction).contains(Self.ownWinograd))
            #expect(try !ways("7×7", direction).contains(Self.ownWinograd))
            #expect(try !ways("stride 2, odd extents", direction).contains(Self.ownWinograd))
            #expect(try !ways("pixels", direction).contains(Self.ownWinograd))
        }
    }

    @Test(.enabled(if: hasAVX512, "this processor, or a switch, has no AVX-512"))
    func `scratch of Winograd's that is too small stops the program`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let example = ConvolutionExample("", 1, 64, 64, 4, 4, rows: ConvolutionExample.same)
            let task = ConvolutionTask(try example.shape(.f32, block: 16), .forward)
            let kernel = try #require(ConvolutionKernel.all(for: task)["winograd-f32"])
            let weights = [Float](repeating: 0, count: 9 * 64 * 64)
            let pixels = [Float](repeating: 0, count: 1024)
            var output = pixels
            withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { scratch in
                kernel.run(pixels, weights, into: &output, scratch: scratch)
            }
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.contains("bytes of scratch wanted, 64 given"))
    }
}
