import AviaryKernels
import Testing

/// A convolution that every kernel for it is tried with.
struct ConvolutionExample: Sendable, CustomTestStringConvertible {
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

    func shape(_ kind: RealKind, block: Int) throws -> ConvolutionShape {
        var shape = try #require(
            ConvolutionShape(
                source: ImageShape(batch: batch, channels: channels, height: height, width: width),
                outputChannels: outputs, rows: rows, columns: columns))
        shape.kind = kind
        return shape.blocked(
            source: block == 0 ? channels : block, destination: block == 0 ? outputs : block)
    }

    static let same = WindowAxis(kernel: 3, before: 1, behind: 1)
    static let halved = WindowAxis(kernel: 3, stride: 2, before: 1, behind: 1)

    static let endings = [
        ConvolutionEnding(), ConvolutionEnding(hasBias: true),
        ConvolutionEnding(hasBias: true, adds: true, isRectified: true),
    ]
}

/// Compares every kernel for a convolution with the plain one of the same numbers in double precision, made and run with
/// one, two and three threads (oneDNN's have to run on as many as they are made on).
struct EveryConvolution<Element: CodedReal & Hashable & Numeric> {
    let shape: ConvolutionShape
    /// How far a kernel of a name may be off, against the greatest number.
    let tolerance: (String) -> Double
    /// Memory is full of it before a kernel writes.
    let nan = Element(coding: .nan)

    private var plain: ConvolutionShape { shape.blocked(source: 1, destination: 1) }
    private var source: [Element] { imageNumbers(plain.source.elementCount, 1) }
    private var weights: [Element] { imageNumbers(plain.weightCount, 2) }
    private var gradient: [Element] { imageNumbers(plain.destination.elementCount, 3) }

    func forward(_ ending: ConvolutionEnding, keepsWeights: Bool = false) {
        let bias: [Float] = imageNumbers(shape.destination.channels, 4)
        let held: [Element] = imageNumbers(plain.destination.elementCount, 5)
        var expected = [Double](repeating: .nan, count: held.count)
        PlainConvolution.forward(
            plain, source: source.map(\.decoded), weights: weights.map(\.decoded),
            bias: ending.hasBias ? bias.map(Double.init) : nil, destination: &expected)
        if ending.adds { expected = zip(expected, held).map { $0 + $1.decoded } }
        if ending.isRectified { expected = expected.map { max(0, $0) } }
        let (x, shift) = (Memory(blocked(source, shape.source)), Memory(bias))
        let before = ending.adds ? blocked(held, shape.destination) : empty(shape.destination)
        compare(
            ConvolutionTask(shape, .forward, ending, keepsWeights: keepsWeights), shape.destination, expected
        ) { kernel, weights, scratch in
            let output = Memory(before)
            withExtendedLifetime((x, shift)) {
                kernel.run(
                    x.start, weights.start, bias: ending.hasBias ? shift.read : nil, into: output.start,
                    scratch: scratch)
            }
            return output.numbers
        }
    }

    func backwardData() {
        var expected = [Double](repeating: 0, count: plain.source.elementCount)
        PlainConvolution.backwardData(
            plain, destinationGradient: gradient.map(\.decoded), weights: weights.map(\.decoded),
            sourceGradient: &expected)
        let dy = Memory(blocked(gradient, shape.destination))
        compare(ConvolutionTask(shape, .backwardData), shape.source, expected) {
            kernel, weights, scratch in
            let output = Memory(empty(shape.source))
            withExtendedLifetime(dy) {
                kernel.run(dy.start, weights.start, into: output.start, scratch: scratch)
            }
            return output.numbers
        }
    }

    func backwardWeights() {
        var expected = [Double](repeating: 0, count: plain.weightCount)
        PlainConvolution.backwardWeights(
            plain, source: source.map(\.decoded), destinationGradient: gradient.map(\.decoded),
            weightGradient: &expected)
        let (x, dy) = (Memory(blocked(source, shape.source)), Memory(blocked(gradient, shape.destination)))
        for threads in [1, 2, 3] {
            Parallel.withThreadCount(threads) {
                for (name, kernel) in ConvolutionKernel.all(for: ConvolutionTask(shape, .backwardWeights)) {
                    let gradient = Memory([Float](repeating: .nan, count: plain.weightCount))
                    let packed = Memory([Float](repeating: .nan, count: (kernel.packedByteCount ?? 0) / 4))
                    let isPlain = kernel.packedByteCount == nil
                    withExtendedLifetime((x, dy)) {
                        withScratch(kernel) {
                            kernel.run(
                                x.start, dy.start, into: isPlain ? gradient.start : packed.start, scratch: $0)
                        }
                    }
                    if !isPlain { kernel.pack(packed.start, into: gradient.start) }
                    expectNear(
                        gradient.numbers.map(Double.init), expected, within: tolerance(name),
                        what(name, threads))
                }
            }
        }
    }

    private func compare(
        _ task: ConvolutionTask, _ image: ImageShape, _ expected: [Double],
        _ run: (ConvolutionKernel, Memory<Element>, UnsafeMutableRawBufferPointer) -> [Element]
    ) {
        var ofStrips = Set<[Element]>()
        for threads in [1, 2, 3] {
            Parallel.withThreadCount(threads) {
                for (name, kernel) in ConvolutionKernel.all(for: task) {
                    let weights = packed(kernel)
                    let result = withExtendedLifetime(weights) {
                        withScratch(kernel) { run(kernel, weights, $0) }
                    }
                    if name == "strips" { ofStrips.insert(result) }
                    let what = what(name, threads)
                    expectNear(unblocked(result, image, what), expected, within: tolerance(name), what)
                }
            }
        }
        #expect(ofStrips.count <= 1, "strips: a bit depends on the number of threads")
    }

    /// The weights in the form that a kernel takes.
    private func packed(_ kernel: ConvolutionKernel) -> Memory<Element> {
        guard let size = kernel.packedByteCount else { return Memory(weights) }
        let element = MemoryLayout<Element>.stride
        let packed = Memory([Element](repeating: nan, count: (size + element - 1) / element))
        kernel.pack(weights, into: packed.start)
        return packed
    }

    private func empty(_ image: ImageShape) -> [Element] { Array(repeating: nan, count: image.elementCount) }

    private func what(_ name: String, _ threads: Int) -> String {
        "\(name), blocks of \(shape.source.channelBlock), \(threads) threads"
    }

    /// Lends scratch full of NaN: what is read before it is written shows.
    private func withScratch<R>(
        _ kernel: ConvolutionKernel, _ body: (UnsafeMutableRawBufferPointer) -> R
    ) -> R {
        withUnsafeTemporaryAllocation(byteCount: kernel.scratchByteCount, alignment: 64) { scratch in
            scratch.initializeMemory(as: UInt8.self, repeating: 0xFF)
            return body(scratch)
        }
    }
}
