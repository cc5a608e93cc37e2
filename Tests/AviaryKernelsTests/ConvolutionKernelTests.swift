import AviaryKernels
import Testing

/// oneDNN's convolution against the plain one, in each layout that a convolution may be given.
struct ConvolutionKernelTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let channels, outputs, groups: Int
        let rows, columns: WindowAxis
        var height = 7
        var width = 6

        init(
            _ name: String, _ channels: Int, _ outputs: Int, groups: Int = 1, rows: WindowAxis,
            columns: WindowAxis? = nil
        ) {
            testDescription = name
            (self.channels, self.outputs, self.groups) = (channels, outputs, groups)
            (self.rows, self.columns) = (rows, columns ?? rows)
        }

        func shape(batch: Int = 2) -> ConvolutionShape? {
            ConvolutionShape(
                source: ImageShape(batch: batch, channels: channels, height: height, width: width),
                outputChannels: outputs, rows: rows, columns: columns, groups: groups)
        }
    }

    private static let same = WindowAxis(kernel: 3, before: 1, behind: 1)
    private static let halved = WindowAxis(kernel: 3, stride: 2, before: 1, behind: 1)
    private static let dilated = WindowAxis(kernel: 3, dilation: 2, before: 2, behind: 2)

    static let examples = [
        Example("1 to 16 channels", 1, 16, rows: same),
        Example("3 to 5 channels, stride 2", 3, 5, rows: halved),
        Example("16 to 32 channels, stride 2", 16, 32, rows: halved),
        Example("1x1, 16 to 13 channels", 16, 13, rows: WindowAxis(kernel: 1)),
        Example("9 to 10 channels", 9, 10, rows: same),
        Example(
            "5x3, 12 to 12 channels", 12, 12, rows: WindowAxis(kernel: 5, before: 2, behind: 2), columns: same
        ),
        Example("16 channels, dilation 2", 16, 16, rows: dilated),
        Example(
            "asymmetric padding", 8, 9, rows: WindowAxis(kernel: 3, before: 0, behind: 2),
            columns: WindowAxis(kernel: 2, stride: 2, before: 3, behind: 1)),
        Example(
            "rows left over", 5, 7, rows: WindowAxis(kernel: 2, stride: 4),
            columns: WindowAxis(kernel: 1, stride: 4)),
        Example("32 channels in 2 groups", 32, 32, groups: 2, rows: same),
        Example("24 channels in 2 groups", 24, 16, groups: 2, rows: same),
        Example("9 channels in 3 groups, dilation 2", 9, 6, groups: 3, rows: dilated),
        Example("depthwise, 16 channels", 16, 16, groups: 16, rows: same),
        Example("depthwise, 19 channels, stride 2", 19, 19, groups: 19, rows: halved),
        Example("depthwise, 5 channels, dilation 2", 5, 5, groups: 5, rows: dilated),
        Example("depthwise, 8 channels, 2 outputs each", 8, 16, groups: 8, rows: same),
        Example("depthwise, 3 channels, 3 outputs each", 3, 9, groups: 3, rows: halved),
    ]

    /// Numbers in [-1, 1) that look random and are the same each time.
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }

    /// Sums of up to 300 products in another order: 1e-5 of the greatest is 170 roundings.
    private func expectClose(_ fast: [Float], _ plain: [Float], _ what: String) {
        let scale = max(plain.map(abs).max() ?? 0, 1e-30)
        let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= 1e-5 * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
        #expect(fast.count == plain.count && plain.contains { $0 != 0 }, "\(what)")
        #expect(fast.allSatisfy { !$0.isNaN }, "\(what)")
    }

    private struct Results: Equatable {
        var destination, sourceGradient, weightGradient: [Float]
    }

    private func plainResults(_ s: ConvolutionShape, hasBias: Bool) -> Results {
        let (x, w) = (numbers(s.source.elementCount, 1), numbers(s.weightCount, 2))
        let (dy, bias) = (numbers(s.destination.elementCount, 3), numbers(s.destination.channels, 4))
        var results = Results(
            destination: [Float](repeating: .nan, count: dy.count),
            sourceGradient: [Float](repeating: 0, count: x.count),
            weightGradient: [Float](repeating: 0, count: w.count))
        PlainConvolution.forward(
            s, source: x, weights: w, bias: hasBias ? bias : nil, destination: &results.destination)
        PlainConvolution.backwardData(
            s, destinationGradient: dy, weights: w, sourceGradient: &results.sourceGradient)
        PlainConvolution.backwardWeights(
            s, source: x, destinationGradient: dy, weightGradient: &results.weightGradient)
        return results
    }

    /// The same from the same numbers in the layouts of `shape`; what is not written stays NaN.
    private func fastResults(_ shape: ConvolutionShape, hasBias: Bool) -> Results {
        let s = shape.blocked(source: 1, destination: 1)
        let x = blocked(numbers(s.source.elementCount, 1), shape.source)
        let dy = blocked(numbers(s.destination.elementCount, 3), shape.destination)
        let (w, bias) = (numbers(s.weightCount, 2), numbers(s.destination.channels, 4))
        var results = Results(
            destination: [Float](repeating: .nan, count: dy.count),
            sourceGradient: [Float](repeating: .nan, count: x.count),
            weightGradient: [Float](repeating: .nan, count: w.count))
        let forward = ConvolutionKernel.fastest(
            for: ConvolutionTask(shape, .forward, ConvolutionEnding(hasBias: hasBias)))
        bias.withUnsafeBufferPointer {
            forward.run(
                x, packed(w, forward), bias: hasBias ? $0.baseAddress : nil, into: &results.destination,
                scratch: none)
        }
        let backwardData = ConvolutionKernel.fastest(for: ConvolutionTask(shape, .backwardData))
        backwardData.run(dy, packed(w, backwardData), into: &results.sourceGradient, scratch: none)
        let backwardWeights = ConvolutionKernel.fastest(for: ConvolutionTask(shape, .backwardWeights))
        guard let size = backwardWeights.packedByteCount else {
            backwardWeights.run(x, dy, into: &results.weightGradient, scratch: none)
            return results
        }
        withAlignedBytes(size) { packed in
            backwardWeights.run(x, dy, into: packed, scratch: none)
            backwardWeights.pack(packed, into: &results.weightGradient)
        }
        return results
    }

    /// Kernels for single precision want no scratch from us.
    private var none: UnsafeMutableRawBufferPointer { .init(start: nil, count: 0) }

    /// Memory for a packed form, which kernels take to begin at a cache line; it is full of NaN.
    private func withAlignedBytes<R>(_ count: Int, _ body: (UnsafeMutableRawPointer) -> R) -> R {
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
        bytes.initializeMemory(as: UInt8.self, repeating: 0xFF, count: count)
        defer { bytes.deallocate() }
        return body(bytes)
    }

    /// The weights in the form that a kernel takes.
    private func packed(_ weights: [Float], _ kernel: ConvolutionKernel) -> [Float] {
        guard let size = kernel.packedByteCount else { return weights }
        var packed = [Float](repeating: .nan, count: (size + 3) / 4)
        kernel.pack(weights, into: &packed)
        return packed
    }

    /// Plain, a plain source with blocks behind, blocks on both sides.
    private func layouts(_ shape: ConvolutionShape) -> [ConvolutionShape] {
        let block = ImageShape.preferredChannelBlock
        return [(1, 1), (1, block), (block, block)].map { shape.blocked(source: $0, destination: $1) }
    }

    @Test(arguments: examples, [false, true])
    func `equals the plain one in every layout, zeros of a last block included`(
        example: Example, hasBias: Bool
    ) throws {
        let shape = try #require(example.shape())
        let plain = plainResults(shape, hasBias: hasBias)
        for layout in layouts(shape) {
            let fast = fastResults(layout, hasBias: hasBias)
            let what = "blocks of \(layout.source.channelBlock) and \(layout.destination.channelBlock)"
            expectClose(fast.destination, blocked(plain.destination, layout.destination), "\(what), forward")
            expectClose(
                fast.sourceGradient, blocked(plain.sourceGradient, layout.source), "\(what), backward data")
            expectClose(fast.weightGradient, plain.weightGradient, "\(what), backward weights")
        }
    }

    /// A key that left out a part of the geometry would take the primitive of a neighbour.
    @Test func `a second round through geometries that differ in one number each changes no bit`() throws {
        let base = WindowAxis(kernel: 3, before: 1, behind: 1)
        var axes = [base]
        for path in [\WindowAxis.kernel, \.stride, \.dilation, \.before, \.behind] {
            var axis = base
            axis[keyPath: path] += 1
            axes.append(axis)
        }
        var shapes: [ConvolutionShape] = []
        for (groups, batch) in [(1, 2), (4, 2), (1, 1)] {
            for axis in axes {
                let turned = [
                    Example("rows", 4, 8, groups: groups, rows: axis, columns: base),
                    Example("columns", 4, 8, groups: groups, rows: base, columns: axis),
                ]
                shapes += try turned.map { try #require($0.shape(batch: batch)) }
            }
        }
        #expect(Set(shapes).count == 33)
        let all = shapes.flatMap { shape in [false, true].map { (shape, $0) } }
        let first = all.map { fastResults($0, hasBias: $1) }
        let second = Array(all.reversed().map { fastResults($0, hasBias: $1) }.reversed())
        #expect(first == second)
        for ((shape, hasBias), results) in zip(all, second) {
            let plain = plainResults(shape, hasBias: hasBias)
            expectClose(results.destination, plain.destination, "\(shape), forward")
            expectClose(results.sourceGradient, plain.sourceGradient, "\(shape), backward data")
            expectClose(results.weightGradient, plain.weightGradient, "\(shape), backward weights")
        }
    }

    @Test(arguments: examples)
    func `there is a kernel for plain images, and for depthwise ones in blocks`(example: Example) throws {
        let shape = try #require(example.shape())
        let block = ImageShape.preferredChannelBlock
        for direction in [ConvolutionDirection.forward, .backwardData, .backwardWeights] {
            #expect(
                ConvolutionKernel.exists(
                    for: ConvolutionTask(
                        shape, direction, ConvolutionEnding(hasBias: direction == .forward))))
        }
        let isDepthwise = example.groups == example.channels && example.groups == example.outputs
        if isDepthwise, example.groups > 1 {
            #expect(
                ConvolutionKernel.exists(
                    for: ConvolutionTask(shape.blocked(source: block, destination: block), .forward)))
        }
    }

    @Test(arguments: [(3, 3, 5, 4), (1, 16, 1, 1), (40, 16, 7, 5), (17, 64, 24, 24)], [1, 8, 16])
    func `channel sums`(extents: (batch: Int, channels: Int, height: Int, width: Int), block: Int) {
        let plainShape = ImageShape(
            batch: extents.batch, channels: extents.channels, height: extents.height, width: extents.width)
        let shape = plainShape.blocked(block)
        let x = numbers(plainShape.elementCount, 5)
        var plain = [Float](repeating: .nan, count: extents.channels)
        ChannelSums.plain(plainShape, source: x, sums: &plain)
        var results = Set<[Float]>()
        for threads in [1, 2, 3] {
            var fast = [Float](repeating: .nan, count: extents.channels)
            Parallel.withThreadCount(threads) {
                ChannelSums.fast(shape, source: blocked(x, shape), sums: &fast)
            }
            // Sums of as many signs: the elements are what is rounded, not their sum.
            let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? .nan
            #expect(worst <= 1e-6 * Float(x.count / extents.channels), "differs by \(worst)")
            results.insert(fast)
        }
        #expect(results.count == 1)
    }

    /// The plain images in the blocks of `shape`, the last one filled with zeros.
    private func blocked(_ images: [Float], _ shape: ImageShape) -> [Float] {
        let (area, block) = (shape.height * shape.width, shape.channelBlock)
        var out = [Float](repeating: 0, count: shape.elementCount)
        for n in 0..<shape.batch {
            for c in 0..<shape.channels {
                for i in 0..<area {
                    let start = shape.offset(image: n, channel: c)
                    out[start + i * block] = images[(n * shape.channels + c) * area + i]
                }
            }
        }
        return out
    }
}
