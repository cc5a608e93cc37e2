import AviaryKernels
import Testing

/// Pooling in channel blocks and on two threads against the plain layout on one.
struct PoolingKernelTests {
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }

    /// Windows of 3 rows by 2 columns with padding, on a 7 by 6 image of 19 channels: a block is left half full.
    private func shape(block: Int) throws -> PoolingShape {
        let rows = PoolingSpan.windows(
            along: 7, window: 3, stride: 2, padding: 1, dilation: 1, roundsUp: true, countsPadding: true)
        let columns = PoolingSpan.bins(along: 6, count: 4)
        let image = ImageShape(batch: 2, channels: 19, height: 7, width: 6, channelBlock: block)
        return PoolingShape(source: image, rows: try #require(rows), columns: try #require(columns))
    }

    @Test(arguments: [8, 16]) func `a pooling in blocks is the plain one`(block: Int) throws {
        let (plain, blocked) = (try shape(block: 1), try shape(block: block))
        let (x, dy) = (
            numbers(plain.source.elementCount, 1), numbers(plain.destination.elementCount, 2)
        )
        let expected = results(plain, x, dy)
        let found = results(
            blocked, reblocked(x, plain.source, block), reblocked(dy, plain.destination, block))
        // The same sums in the same order: the same bits.
        #expect(found.maxima == reblocked(expected.maxima, plain.destination, block))
        #expect(found.means == reblocked(expected.means, plain.destination, block))
        #expect(found.maximumGradient == reblocked(expected.maximumGradient, plain.source, block))
        #expect(found.meanGradient == reblocked(expected.meanGradient, plain.source, block))
    }

    @Test func `a pooling gives the same bits with one thread and with two`() throws {
        let s = try shape(block: 1)
        let (x, dy) = (numbers(s.source.elementCount, 3), numbers(s.destination.elementCount, 4))
        let one = Parallel.withThreadCount(1) { results(s, x, dy) }
        #expect(Parallel.withThreadCount(2) { results(s, x, dy) } == one)
        #expect(one.maxima.contains { $0 != 0 } && one.meanGradient.contains { $0 != 0 })
    }

    /// Windows of two, a pixel apart, around a single row; the gradient stays out of the next plane too.
    @Test func `a region without elements is minus infinity and has no gradient`() throws {
        let rows = try #require(
            PoolingSpan.windows(
                along: 1, window: 2, stride: 1, padding: 1, dilation: 2, roundsUp: false, countsPadding: false
            ))
        #expect(rows.map(\.count) == [0])
        let columns = try #require(PoolingSpan.bins(along: 3, count: 3))
        let image = ImageShape(batch: 1, channels: 2, height: 1, width: 3, channelBlock: 1)
        let s = PoolingShape(source: image, rows: rows, columns: columns)
        #expect(s.hasEmptyRegions)
        #expect(try !shape(block: 1).hasEmptyRegions)
        var (maxima, positions) = ([Float](repeating: 0, count: 6), [Int64](repeating: 0, count: 6))
        MaxPooling.forward(s, source: numbers(6, 5), destination: &maxima, positions: &positions)
        #expect(maxima.allSatisfy { $0 == -.infinity })
        var gradient = [Float](repeating: 0, count: 6)
        MaxPooling.backward(
            s, positions: positions, gradient: numbers(6, 6), sourceGradient: &gradient)
        #expect(gradient.allSatisfy { $0 == 0 })
    }

    private struct Results: Equatable {
        var maxima, means, maximumGradient, meanGradient: [Float]
    }

    private func results(_ s: PoolingShape, _ x: [Float], _ dy: [Float]) -> Results {
        let (outputs, inputs) = (s.destination.elementCount, s.source.elementCount)
        let (empty, zeros) = (
            [Float](repeating: .nan, count: outputs), [Float](repeating: 0, count: inputs)
        )
        var found = Results(maxima: empty, means: empty, maximumGradient: zeros, meanGradient: zeros)
        var positions = [Int64](repeating: -1, count: outputs)
        MaxPooling.forward(s, source: x, destination: &found.maxima, positions: &positions)
        MaxPooling.backward(s, positions: positions, gradient: dy, sourceGradient: &found.maximumGradient)
        AveragePooling.forward(s, source: x, destination: &found.means)
        AveragePooling.backward(s, gradient: dy, sourceGradient: &found.meanGradient)
        return found
    }

    /// Plain images with their channels in blocks, the last one filled with zeros.
    private func reblocked(_ images: [Float], _ plain: ImageShape, _ block: Int) -> [Float] {
        let (shape, area) = (plain.blocked(block), plain.height * plain.width)
        var out = [Float](repeating: 0, count: shape.elementCount)
        for n in 0..<shape.batch {
            for c in 0..<shape.channels {
                for i in 0..<area {
                    out[shape.offset(image: n, channel: c) + i * block] =
                        images[(n * shape.channels + c) * area + i]
                }
            }
        }
        return out
    }
}
