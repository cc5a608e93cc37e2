import AviaryKernels
import Testing

/// Winograd's convolution in bf16 against the plain one of the same numbers in double precision.
@Suite(
    .enabled(
        if: WinogradConvolution.serves(winogradShape(channels: 16, outputs: 16)),
        "this processor, or AVIARY_MAX_ISA, has no avx512_bf16"))
struct WinogradConvolutionTests {
    struct Extents: Sendable, CustomTestStringConvertible {
        let batch, channels, outputs, height, width: Int

        init(_ batch: Int, _ channels: Int, _ outputs: Int, _ height: Int, _ width: Int) {
            (self.batch, self.channels, self.outputs) = (batch, channels, outputs)
            (self.height, self.width) = (height, width)
        }

        var testDescription: String { "\(batch) × \(channels) → \(outputs) × \(height) × \(width)" }
        var shape: ConvolutionShape {
            winogradShape(batch: batch, channels: channels, outputs: outputs, height: height, width: width)
        }
    }

    /// A single tile, tiles over the edge, panels that are not full, a row of an odd number of tiles; sums in several
    /// stripes, in one and in several chunks of one; several groups of tiles.
    static let examples = [
        Extents(1, 16, 16, 1, 1), Extents(1, 16, 32, 7, 6), Extents(2, 48, 16, 5, 9),
        Extents(1, 64, 64, 13, 14), Extents(3, 80, 128, 4, 4), Extents(2, 128, 80, 3, 2),
        Extents(5, 32, 16, 16, 15), Extents(1, 192, 144, 6, 5), Extents(5, 128, 80, 14, 13),
    ]

    @Test(arguments: examples, [false, true])
    func `errs as bf16 does, and no bit depends on the number of threads`(extents: Extents, hasBias: Bool) {
        let shape = extents.shape
        let plain = plainResults(shape, hasBias: hasBias)
        var results = Set<Results>()
        for threads in [1, 2, 3] {
            let fast = Parallel.withThreadCount(threads) {
                // Whoever has a bias has f32 weights here, too.
                fastResults(shape, hasBias: hasBias, weightsKind: hasBias ? .f32 : .bf16)
            }
            results.insert(fast)
        }
        #expect(results.count == 1)
        for fast in results {
            expectClose(numbers(fast.destination, shape.destination), plain.destination, "forward")
            expectClose(numbers(fast.sourceGradient, shape.source), plain.sourceGradient, "backward data")
            expectClose(fast.weightGradient.map(Double.init), plain.weightGradient, "backward weights")
        }
    }

    @Test func `serves windows of 3×3 that keep the extents, and whole blocks of channels`() throws {
        let same = WindowAxis(kernel: 3, before: 1, behind: 1)
        func serves(
            channels: Int = 32, outputs: Int = 32, rows: WindowAxis = same, columns: WindowAxis = same,
            groups: Int = 1, block: Int = 16
        ) throws -> Bool {
            let image = ImageShape(batch: 2, channels: channels, height: 8, width: 8)
            let shape = try #require(
                ConvolutionShape(
                    source: image, outputChannels: outputs, rows: rows, columns: columns, groups: groups))
            return WinogradConvolution.serves(shape.blocked(source: block, destination: block))
        }
        #expect(try serves())
        #expect(try !serves(channels: 24))
        #expect(try !serves(outputs: 8))
        #expect(try !serves(groups: 2))
        #expect(try !serves(block: 1))
        #expect(try !serves(block: 8))
        for path in [\WindowAxis.kernel, \.stride, \.dilation, \.before, \.behind] {
            var axis = same
            axis[keyPath: path] += 1
            #expect(try !serves(rows: axis))
            #expect(try !serves(columns: axis))
        }
        #expect(!WinogradConvolution.serves(winogradShape(batch: 0, channels: 16, outputs: 16)))
    }

    @Test func `scratch that is too small stops the program`() async {
        await #expect(processExitsWith: .failure) {
            let shape = winogradShape(channels: 16, outputs: 16)
            var image = [UInt16](repeating: 0, count: shape.source.elementCount)
            let weights = [Float](repeating: 0, count: shape.weightCount)
            let source = image
            withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { scratch in
                WinogradConvolution.forward(
                    shape, source: source, weights: weights, weightsKind: .f32, destination: &image,
                    scratch: scratch)
            }
        }
    }

    private struct Results: Hashable {
        var destination, sourceGradient: [UInt16]
        var weightGradient: [Float]
    }

    private struct PlainResults {
        var destination, sourceGradient, weightGradient: [Double]
    }

    private func plainResults(_ shape: ConvolutionShape, hasBias: Bool) -> PlainResults {
        let s = shape.blocked(source: 1, destination: 1)
        let (x, w) = (numbers(s.source.elementCount, 1), numbers(s.weightCount, 2))
        let (dy, bias) = (numbers(s.destination.elementCount, 3), numbers(s.destination.channels, 4))
        var results = PlainResults(
            destination: [Double](repeating: .nan, count: dy.count),
            sourceGradient: [Double](repeating: 0, count: x.count),
            weightGradient: [Double](repeating: 0, count: w.count))
        PlainConvolution.forward(
            s, source: x, weights: w, bias: hasBias ? bias : nil, destination: &results.destination)
        PlainConvolution.backwardData(
            s, destinationGradient: dy, weights: w, sourceGradient: &results.sourceGradient)
        PlainConvolution.backwardWeights(
            s, source: x, destinationGradient: dy, weightGradient: &results.weightGradient)
        return results
    }

    /// The same from the same numbers; what is not written stays NaN.
    private func fastResults(_ shape: ConvolutionShape, hasBias: Bool, weightsKind: RealKind) -> Results {
        let x = words(numbers(shape.source.elementCount, 1), shape.source)
        let dy = words(numbers(shape.destination.elementCount, 3), shape.destination)
        let (w, bias) = (numbers(shape.weightCount, 2), numbers(shape.destination.channels, 4))
        let weights: [UInt8] =
            weightsKind == .bf16
            ? w.map(word).withUnsafeBytes(Array.init) : w.map(Float.init).withUnsafeBytes(Array.init)
        let shift = hasBias ? bias.map(Float.init) : nil
        let nan: UInt16 = 0x7FC0
        var results = Results(
            destination: [UInt16](repeating: nan, count: dy.count),
            sourceGradient: [UInt16](repeating: nan, count: x.count),
            weightGradient: [Float](repeating: .nan, count: w.count))
        withScratch(shape, .forward) { scratch in
            WinogradConvolution.forward(
                shape, source: x, weights: weights, weightsKind: weightsKind, bias: shift,
                destination: &results.destination, scratch: scratch)
        }
        withScratch(shape, .backwardData) { scratch in
            WinogradConvolution.backwardData(
                shape, destinationGradient: dy, weights: weights, weightsKind: weightsKind,
                sourceGradient: &results.sourceGradient, scratch: scratch)
        }
        withScratch(shape, .backwardWeights) { scratch in
            WinogradConvolution.backwardWeights(
                shape, source: x, destinationGradient: dy, weightGradient: &results.weightGradient,
                scratch: scratch)
        }
        return results
    }

    /// Lends scratch full of NaN: what is read before it is written shows.
    private func withScratch(
        _ shape: ConvolutionShape, _ direction: ConvolutionDirection,
        _ body: (UnsafeMutableRawBufferPointer) -> Void
    ) {
        let count = WinogradConvolution.scratchByteCount(shape, direction)
        withUnsafeTemporaryAllocation(byteCount: count, alignment: 64) { scratch in
            scratch.initializeMemory(as: UInt8.self, repeating: 0xFF)
            body(scratch)
        }
    }

    /// What is multiplied was rounded by up to 2⁻⁹ after a transform whose terms cancel in the result: 0.4 % was found
    /// for numbers of any sign, and half as much again is allowed.
    private func expectClose(_ fast: [Double], _ plain: [Double], _ what: String) {
        let error = zip(fast, plain).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let size = plain.reduce(0) { $0 + $1 * $1 }
        #expect(fast.count == plain.count && size > 0, "\(what)")
        let relative = (error / size).squareRoot()
        #expect(relative <= 0.006, "\(what): differs by \(relative) of the size")
    }

    /// Numbers in [-1, 1) that look random, are the same each time, and are bf16's own.
    private func numbers(_ count: Int, _ seed: Int) -> [Double] {
        (0..<count).map { Double(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 251 - 125) / 128 }
    }

    private func word(_ number: Double) -> UInt16 { UInt16(Float(number).bitPattern >> 16) }

    /// Plain images as words in the blocks of `shape`.
    private func words(_ images: [Double], _ shape: ImageShape) -> [UInt16] {
        var out = [UInt16](repeating: 0, count: shape.elementCount)
        shape.eachElement { plain, blocked in out[blocked] = word(images[plain]) }
        return out
    }

    /// Words in the blocks of `shape` as plain images.
    private func numbers(_ words: [UInt16], _ shape: ImageShape) -> [Double] {
        var out = [Double](repeating: .nan, count: words.count)
        shape.eachElement { plain, blocked in
            out[plain] = Double(Float(bitPattern: UInt32(words[blocked]) << 16))
        }
        return out
    }
}

/// Windows of 3×3 that keep the extents, channels in blocks of 16.
private func winogradShape(
    batch: Int = 1, channels: Int, outputs: Int, height: Int = 4, width: Int = 4
) -> ConvolutionShape {
    let window = WindowAxis(kernel: 3, before: 1, behind: 1)
    let image = ImageShape(batch: batch, channels: channels, height: height, width: width)
    guard let shape = ConvolutionShape(source: image, outputChannels: outputs, rows: window, columns: window)
    else { fatalError("no window fits \(image)") }
    return shape.blocked(source: 16, destination: 16)
}

extension ImageShape {
    /// Visits the offsets of each element, in the plain layout and in blocks.
    fileprivate func eachElement(_ body: (_ plain: Int, _ blocked: Int) -> Void) {
        let area = height * width
        for plane in 0..<batch * channels {
            let (image, channel) = (plane / channels, plane % channels)
            let start = offset(image: image, channel: channel)
            for i in 0..<area { body(plane * area + i, start + i * channelBlock) }
        }
    }
}
