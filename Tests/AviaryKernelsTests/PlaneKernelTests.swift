import AviaryKernels
import Testing

/// Sums of channels, means of planes and the identity shortcut in any channel blocking against their plain forms.
struct PlaneKernelTests {
    static let extents = [
        (batch: 3, channels: 3, height: 5, width: 4), (40, 16, 7, 5), (2, 70, 3, 3), (2, 100, 30, 21),
        (1, 1, 1, 1),
    ]

    /// A block of 0 stands for one of all channels.
    static let blocks = [1, 8, 16, 24, 0]

    private func shape(
        _ extents: (batch: Int, channels: Int, height: Int, width: Int), _ block: Int
    ) -> ImageShape {
        ImageShape(
            batch: extents.batch, channels: extents.channels, height: extents.height, width: extents.width,
            channelBlock: block == 0 ? extents.channels : block)
    }

    @Test(arguments: extents, blocks)
    func `sums of channels and means of planes`(
        extents: (batch: Int, channels: Int, height: Int, width: Int), block: Int
    ) {
        let shape = shape(extents, block)
        check(shape, Float.self, tolerance: 1e-6)
        check(shape, UInt16.self, tolerance: 4e-3)
    }

    private func check<E: CodedReal & Numeric>(_ s: ImageShape, _ element: E.Type, tolerance: Double) {
        let (plain, name) = (s.blocked(1), "\(s), \(E.self)")
        let x: [E] = imageNumbers(plain.elementCount, 1)
        let exact = x.map(\.decoded)
        var sums = [Float](repeating: .nan, count: s.channels)
        var exactSums = [Double](repeating: .nan, count: s.channels)
        ChannelSums.fast(s, source: blocked(x, s), sums: &sums)
        ChannelSums.plain(plain, source: exact, sums: &exactSums)
        // Sums are off by roundings of what was added up, and may be near 0 themselves.
        let room = 1e-6 * Double(s.batch * s.height * s.width)
        for (sum, exact) in zip(sums, exactSums) {
            #expect(abs(Double(sum) - exact) <= room, "\(name): sums")
        }

        var means = [E](repeating: E(coding: .nan), count: s.batch * s.channels)
        var exactMeans = [Double](repeating: .nan, count: means.count)
        GlobalAveragePooling.fastForward(s, source: blocked(x, s), destination: &means)
        GlobalAveragePooling.plainForward(plain, source: exact, destination: &exactMeans)
        expectNear(means.map(\.decoded), exactMeans, within: tolerance, "\(name): means")

        let dy: [E] = imageNumbers(means.count, 2)
        var dx = [E](repeating: E(coding: .nan), count: s.elementCount)
        var exactGradient = [Double](repeating: 0, count: plain.elementCount)
        GlobalAveragePooling.fastBackward(s, gradient: dy, sourceGradient: &dx)
        GlobalAveragePooling.plainBackward(
            plain, gradient: dy.map(\.decoded), sourceGradient: &exactGradient)
        expectNear(unblocked(dx, s, name), exactGradient, within: tolerance, "\(name): gradient of means")
    }

    @Test func `sums and means have the same bits with one thread and with two`() {
        let s = ImageShape(batch: 40, channels: 96, height: 9, width: 7, channelBlock: 16)
        let x: [Float] = imageNumbers(s.elementCount, 3)
        let results = [1, 2].map { threads in
            Parallel.withThreadCount(threads) {
                var sums = [Float](repeating: .nan, count: s.channels)
                var means = [Float](repeating: .nan, count: s.batch * s.channels)
                ChannelSums.fast(s, source: x, sums: &sums)
                GlobalAveragePooling.fastForward(s, source: x, destination: &means)
                return sums + means
            }
        }
        #expect(results[0] == results[1])
    }

    /// Channels that are added move the others into other lanes, or other blocks, or neither.
    @Test(arguments: [(16, 32), (32, 64), (17, 19), (3, 45), (2, 2)], [1, 8, 16, 24, 64])
    func `an identity shortcut moves what the plain one moves`(channels: (from: Int, to: Int), block: Int) {
        for stride in [1, 2, 3] {
            let source = ImageShape(
                batch: 2, channels: channels.from, height: 7, width: 5, channelBlock: block)
            let shape = IdentityPadShape(source, channels: channels.to, stride: stride)
            check(shape, UInt16.self)
            check(shape, UInt32.self)
            check(shape, UInt64.self)
        }
    }

    private func check<Word: FixedWidthInteger>(_ shape: IdentityPadShape, _ word: Word.Type) {
        let (source, destination) = (shape.source, shape.destination)
        let size = MemoryLayout<Word>.size
        let x = blocked((0..<source.blocked(1).elementCount).map { Word($0 % 60_000 + 1) }, source)
        let dy = blocked((0..<destination.blocked(1).elementCount).map { Word($0 % 60_000 + 1) }, destination)
        var (y, expected) = ([Word](repeating: .max, count: dy.count), [Word](repeating: 0, count: dy.count))
        IdentityPad.fastForward(shape, elementSize: size, source: x, destination: &y)
        IdentityPad.plainForward(shape, source: x, destination: &expected)
        #expect(y == expected && y.contains { $0 != 0 }, "\(shape), \(Word.self)")
        var (dx, gradient) = ([Word](repeating: .max, count: x.count), [Word](repeating: 0, count: x.count))
        IdentityPad.fastBackward(shape, elementSize: size, gradient: dy, sourceGradient: &dx)
        IdentityPad.plainBackward(shape, gradient: dy, sourceGradient: &gradient)
        #expect(dx == gradient && dx.contains { $0 != 0 }, "\(shape), \(Word.self), gradient")
    }
}
