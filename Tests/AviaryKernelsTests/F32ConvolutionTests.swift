import AviaryKernels
import Testing

/// Every kernel for convolutions in f32 blocks against the plain one of the same numbers in double precision.
struct F32ConvolutionTests {
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

        func shape(block: Int) -> ConvolutionShape? {
            ConvolutionShape(
                source: ImageShape(batch: batch, channels: channels, height: height, width: width),
                outputChannels: outputs, rows: rows, columns: columns
            )?.blocked(source: block, destination: block)
        }
    }

    private static let same = WindowAxis(kernel: 3, before: 1, behind: 1)
    private static let halved = WindowAxis(kernel: 3, stride: 2, before: 1, behind: 1)

    /// Groups of four, two and one blocks of outputs; strips of every width, with one end, both and none over the edge.
    static let examples = [
        Example("one pixel under a window of 3×3", 1, 16, 16, 1, 1, rows: same),
        Example("two pixels in a row", 2, 32, 64, 3, 2, rows: same),
        Example("4×4, seven blocks of outputs", 1, 64, 112, 4, 4, rows: same),
        Example("rows of six and five", 2, 32, 64, 5, 11, rows: same),
        Example("rows of eight, three blocks", 3, 16, 48, 3, 8, rows: same),
        Example("rows of fifteen", 1, 16, 96, 7, 15, rows: same),
        Example("stride 2, odd extents", 2, 48, 64, 9, 7, rows: halved),
        Example("stride 2, even extents", 1, 16, 32, 8, 16, rows: halved),
        Example("every second pixel", 2, 16, 80, 7, 6, rows: WindowAxis(kernel: 1, stride: 2)),
        Example("windows that leave pixels out", 1, 16, 16, 8, 9, rows: WindowAxis(kernel: 2, stride: 3)),
        Example(
            "5×2, dilated, uneven sides", 2, 32, 64, 9, 8, rows: WindowAxis(kernel: 5, before: 4, behind: 3),
            columns: WindowAxis(kernel: 2, dilation: 3, before: 1, behind: 0)),
        Example(
            "padding wider than a stride", 1, 16, 16, 6, 6, rows: WindowAxis(kernel: 5, before: 2, behind: 2)),
    ]

    /// F(4×4)'s transforms multiply by up to 8 what rounding leaves; the others only sum in another order.
    private func tolerance(_ name: String) -> Double { name.hasPrefix("winograd") ? 2e-5 : 2e-6 }

    @Test(
        arguments: examples,
        [
            ConvolutionEnding(), ConvolutionEnding(hasBias: true),
            ConvolutionEnding(hasBias: true, adds: true, isRectified: true),
        ])
    func forward(example: Example, ending: ConvolutionEnding) throws {
        let shape = try #require(example.shape(block: ImageShape.preferredChannelBlock))
        let plain = shape.blocked(source: 1, destination: 1)
        let x: [Float] = imageNumbers(plain.source.elementCount, 1)
        let w: [Float] = imageNumbers(plain.weightCount, 2)
        let bias: [Float] = imageNumbers(example.outputs, 4)
        let held: [Float] = imageNumbers(plain.destination.elementCount, 5)
        var expected = [Double](repeating: .nan, count: held.count)
        PlainConvolution.forward(
            plain, source: x.map(\.decoded), weights: w.map(\.decoded),
            bias: ending.hasBias ? bias.map(Double.init) : nil, destination: &expected)
        if ending.adds { expected = zip(expected, held).map { $0 + $1.decoded } }
        if ending.isRectified { expected = expected.map { max(0, $0) } }
        let task = ConvolutionTask(shape, .forward, ending, weightsStay: true)
        for (name, kernel) in ConvolutionKernel.all(for: task) {
            let (source, weights) = (Memory(blocked(x, shape.source)), packed(w, kernel))
            var results = Set<[Float]>()
            for threads in [1, 2, 3] {
                let output = Memory(
                    ending.adds
                        ? blocked(held, shape.destination)
                        : [Float](repeating: .nan, count: shape.destination.elementCount))
                let shift = Memory(bias)
                withExtendedLifetime((source, weights, shift)) {
                    Parallel.withThreadCount(threads) {
                        kernel.run(
                            source.start, weights.start, bias: ending.hasBias ? shift.read : nil,
                            into: output.start, scratch: none)
                    }
                }
                results.insert(output.numbers)
            }
            if name == "strips" { #expect(results.count == 1, "depends on the number of threads") }
            for result in results {
                expectNear(
                    unblocked(result, shape.destination, name), expected, within: tolerance(name), name)
            }
        }
    }

    @Test(arguments: examples)
    func `backward by the source`(example: Example) throws {
        let shape = try #require(example.shape(block: ImageShape.preferredChannelBlock))
        let plain = shape.blocked(source: 1, destination: 1)
        let dy: [Float] = imageNumbers(plain.destination.elementCount, 3)
        let w: [Float] = imageNumbers(plain.weightCount, 2)
        var expected = [Double](repeating: 0, count: plain.source.elementCount)
        PlainConvolution.backwardData(
            plain, destinationGradient: dy.map(\.decoded), weights: w.map(\.decoded),
            sourceGradient: &expected)
        for (name, kernel) in ConvolutionKernel.all(for: ConvolutionTask(shape, .backwardData)) {
            let output = Memory([Float](repeating: .nan, count: shape.source.elementCount))
            let (gradient, weights) = (Memory(blocked(dy, shape.destination)), packed(w, kernel))
            withExtendedLifetime((gradient, weights)) {
                kernel.run(gradient.start, weights.start, into: output.start, scratch: none)
            }
            expectNear(
                unblocked(output.numbers, shape.source, name), expected, within: tolerance(name), name)
        }
    }

    @Test(
        .enabled(
            if: Instructions.inUse >= .avx512 && ImageShape.preferredChannelBlock == 16,
            "this processor, or a switch, has no AVX-512"))
    func `strips are a way where a window reaches over an edge by no more than a stride`() throws {
        func ways(_ name: String, _ direction: ConvolutionDirection, block: Int = 16) throws -> Set<String> {
            let example = try #require(Self.examples.first { $0.testDescription == name })
            let shape = try #require(example.shape(block: block))
            return Set(ConvolutionKernel.all(for: ConvolutionTask(shape, direction)).keys)
        }
        #expect(try ways("rows of fifteen", .forward).contains("strips"))
        #expect(try ways("rows of fifteen", .backwardData).contains("strips"))
        #expect(try !ways("rows of fifteen", .backwardWeights).contains("strips"))
        #expect(try !ways("rows of fifteen", .forward, block: 1).contains("strips"))
        #expect(try ways("stride 2, odd extents", .forward).contains("strips"))
        #expect(try !ways("stride 2, odd extents", .backwardData).contains("strips"))
        #expect(try !ways("padding wider than a stride", .forward).contains("strips"))
    }

    @Test func `transformed weights are a way where they stay`() throws {
        let example = try #require(Self.examples.first { $0.testDescription == "rows of fifteen" })
        let shape = try #require(example.shape(block: ImageShape.preferredChannelBlock))
        let changing = ConvolutionKernel.all(for: ConvolutionTask(shape, .forward))
        let staying = ConvolutionKernel.all(for: ConvolutionTask(shape, .forward, weightsStay: true))
        #expect(changing["winograd-of-kept"] == nil)
        #expect(
            Set(staying.keys).subtracting(changing.keys)
                == (changing["winograd"] == nil ? [] : ["winograd-of-kept"]))
    }

    /// The weights in the form that a kernel takes.
    private func packed(_ weights: [Float], _ kernel: ConvolutionKernel) -> Memory<Float> {
        guard let size = kernel.packedByteCount else { return Memory(weights) }
        let packed = Memory([Float](repeating: .nan, count: (size + 3) / 4))
        kernel.pack(weights, into: packed.start)
        return packed
    }

    /// Kernels for single precision want no scratch from us.
    private var none: UnsafeMutableRawBufferPointer { .init(start: nil, count: 0) }
}
