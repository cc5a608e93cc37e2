import AviaryKernels
import Testing

/// Batch norm's fast form, for f32 and bf16 in any channel blocking, against the plain one in double precision.
struct BatchNormKernelTests {
    /// What comes beside the norm itself.
    struct Extras: CustomStringConvertible {
        var relu = false, residual = false, twice = false, constant = false

        var description: String {
            let named = [(relu, "ReLU"), (residual, "residual"), (twice, "two ways"), (constant, "constant")]
            return named.filter(\.0).map(\.1).joined(separator: ", ")
        }
    }

    static let extras = [
        Extras(), Extras(relu: true), Extras(residual: true), Extras(relu: true, twice: true),
        Extras(residual: true, twice: true), Extras(relu: true, residual: true, twice: true),
        Extras(relu: true, constant: true), Extras(relu: true, residual: true, constant: true),
    ]

    /// Beside which 16 groups, 64 lanes, 256 rows, a cache and a second thread matter: fewer, as many and more of each.
    static let extents = [
        (batch: 3, channels: 3, height: 5, width: 4), (1, 16, 1, 1), (40, 16, 7, 5), (3, 64, 24, 24),
        (2, 70, 3, 3), (2, 100, 30, 21), (33, 272, 2, 2),
    ]

    /// A block of 0 stands for one of all channels.
    @Test(arguments: extents, [1, 8, 16, 24, 32, 0])
    func `the fast form is the plain one`(
        extents: (batch: Int, channels: Int, height: Int, width: Int), block: Int
    ) {
        let images = ImageShape(
            batch: extents.batch, channels: extents.channels, height: extents.height, width: extents.width,
            channelBlock: block == 0 ? extents.channels : block)
        for extras in Self.extras {
            // f32: sums of thousands of products in another order. bf16: outputs and masked gradients are rounded
            // by 0.4 % each.
            check(images, extras, Float.self, tolerance: 1e-5)
            check(images, extras, UInt16.self, tolerance: 1e-2)
        }
    }

    private func check<E: CodedReal & Numeric>(
        _ images: ImageShape, _ extras: Extras, _ element: E.Type, tolerance: Double
    ) {
        let name = "\(images), \(E.self), \(extras)"
        let given = Given<E>(images, extras)
        let fast = FastResults(images, extras, given)
        let output = unblocked(fast.y, images, "\(name), output")
        let plain = PlainResults(images, extras, given, output: output)
        let pairs: [(String, [Double], [Double], tolerance: Double)] = [
            ("mean", fast.mean.map(\.decoded), plain.mean, 1e-5),
            ("variance", fast.variance.map(\.decoded), plain.variance, 1e-5),
            ("output", output, plain.y, tolerance),
            ("shift gradient", fast.dShift.map(\.decoded), plain.dShift, 1e-5),
        ]
        for (what, found, expected, tolerance) in pairs {
            expectNear(found, expected, within: tolerance, "\(name): \(what)")
        }
        if let found = fast.dResidual {
            let found = unblocked(found, images, "\(name), residual gradient")
            expectNear(found, plain.dResidual, within: tolerance, "\(name): residual gradient")
        }
        // One pixel alone has no variance, and nothing but rounding comes back.
        guard images.batch * images.height * images.width > 1 || extras.constant else { return }
        let found = unblocked(fast.dx, images, "\(name), source gradient")
        expectNear(found, plain.dx, within: tolerance, "\(name): source gradient")
        expectNear(fast.dScale.map(\.decoded), plain.dScale, within: 1e-5, "\(name): scale gradient")
    }

    /// Far from zero the squares' sum less the mean's square would keep no digit of the variance; nor would it where the
    /// first image, or the first of each few, is far from the others.
    @Test(arguments: [1, 4, 20], [1, 8, 24])
    func `a variance keeps its digits far from zero and beside outliers`(period: Int, block: Int) {
        let shape = ImageShape(batch: 20, channels: 24, height: 9, width: 9, channelBlock: block)
        let pixels = 24 * 81
        let x: [Float] = imageNumbers(20 * pixels, 10).enumerated().map { index, number in
            (index / pixels).isMultiple(of: period) ? 1000 + number : number * 1e-3
        }
        let run = FastResults(shape, Extras(), Given<Float>(shape, Extras(), source: x))
        var (means, variances) = ([Double](), [Double]())
        for c in 0..<24 {
            let channel = x.indices.filter { $0 % pixels / 81 == c }.map { Double(x[$0]) }
            let mean = channel.reduce(0, +) / Double(channel.count)
            means.append(mean)
            variances.append(channel.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(channel.count))
        }
        expectNear(run.mean.map(\.decoded), means, within: 1e-6, "mean")
        for (found, exact) in zip(run.variance, variances) {
            expectNear([found.decoded], [exact], within: 5e-6, "variance")
        }
    }

    /// Channels whose images stay in a cache from one pass to the next, and some that do not.
    @Test(arguments: [(24, 16, 24, 8), (16, 512, 4, 16), (96, 32, 32, 16), (8, 200, 12, 200)])
    func `the same bits come with one thread, two and three`(
        extents: (batch: Int, channels: Int, side: Int, block: Int)
    ) {
        let shape = ImageShape(
            batch: extents.batch, channels: extents.channels, height: extents.side, width: extents.side,
            channelBlock: extents.block)
        let extras = Extras(relu: true, residual: true, twice: true)
        let given = Given<Float>(shape, extras)
        var results = Set<[Float]>()
        for threads in [1, 2, 3] {
            let run = Parallel.withThreadCount(threads) { FastResults(shape, extras, given) }
            results.insert(run.mean + run.variance + run.dScale + run.dShift + run.y + run.dx)
        }
        #expect(results.count == 1)
    }
}

/// What a norm is given; images are in plain order.
private struct Given<E: CodedReal> {
    let x, dy: [E]
    let residual, other: [E]?
    let scale, shift, mean, variance: [Float]

    init(_ images: ImageShape, _ extras: BatchNormKernelTests.Extras, source: [E]? = nil) {
        let count = images.blocked(1).elementCount
        x = source ?? imageNumbers(count, 1)
        dy = imageNumbers(count, 2)
        residual = extras.residual ? imageNumbers(count, 3) : nil
        other = extras.twice ? imageNumbers(count, 4) : nil
        scale = imageNumbers(images.channels, 5)
        shift = imageNumbers(images.channels, 6)
        mean = imageNumbers(images.channels, 7)
        variance = imageNumbers(images.channels, 8).map { (number: Float) in number + 1.5 }
    }
}

/// What the fast form makes of it there and back; images lie in the blocks of the shape.
private struct FastResults<E: CodedReal & Numeric> {
    let y, dx: [E]
    let dResidual: [E]?
    let mean, variance, dScale, dShift: [Float]

    init(_ images: ImageShape, _ extras: BatchNormKernelTests.Extras, _ given: Given<E>) {
        let form = BatchNormForm(
            images, epsilon: 0.1, hasReLU: extras.relu, hasConstantStatistics: extras.constant)
        let (x, dy) = (Memory(blocked(given.x, images)), Memory(blocked(given.dy, images)))
        let residual = given.residual.map { Memory(blocked($0, images)) }
        let other = given.other.map { Memory(blocked($0, images)) }
        let (scale, shift) = (Memory(given.scale), Memory(given.shift))
        let (mean, variance) = (Memory(given.mean), Memory(given.variance))
        // What is not written shows.
        let unwritten = [E](repeating: E(coding: .nan), count: images.elementCount)
        let (y, dx) = (Memory(unwritten), Memory(unwritten))
        let dResidual = extras.residual ? Memory(unwritten) : nil
        let (dScale, dShift) = (Memory(given.mean), Memory(given.mean))
        withExtendedLifetime((x, dy, residual, other, scale, shift)) {
            let channels = BatchNormChannels(
                scale: scale.start, shift: shift.start, mean: mean.start, variance: variance.start)
            FastBatchNorm.forward(
                form, channels: channels, source: UnsafePointer(x.start),
                residual: residual.map { UnsafePointer($0.start) }, destination: y.start)
            let upstream = BatchNormUpstream(
                source: x.start, output: residual.map { _ in UnsafePointer(y.start) }, gradient: dy.start,
                other: other.map { UnsafePointer($0.start) })
            FastBatchNorm.backward(
                form, channels: channels, upstream: upstream,
                into: BatchNormDownstream(
                    source: dx.start, residual: dResidual?.start, scale: dScale.start, shift: dShift.start))
        }
        (self.y, self.dx, self.dResidual) = (y.numbers, dx.numbers, dResidual?.numbers)
        (self.mean, self.variance) = (mean.numbers, variance.numbers)
        (self.dScale, self.dShift) = (dScale.numbers, dShift.numbers)
    }
}

/// The same of the plain form in double precision.
///
/// It takes the ReLU's mask from the fast form's output: an element a rounding away from 0 may be on either side.
private struct PlainResults {
    let mean, variance, y, dx, dResidual, dScale, dShift: [Double]

    init<E: CodedReal>(
        _ images: ImageShape, _ extras: BatchNormKernelTests.Extras, _ given: Given<E>, output: [Double]
    ) {
        let form = BatchNormForm(
            images.blocked(1), epsilon: 0.1, hasReLU: extras.relu, hasConstantStatistics: extras.constant)
        let (x, dy) = (Memory(given.x.map(\.decoded)), Memory(given.dy.map(\.decoded)))
        let residual = given.residual.map { Memory($0.map(\.decoded)) }
        let other = given.other.map { Memory($0.map(\.decoded)) }
        let (scale, shift) = (Memory(given.scale.map(\.decoded)), Memory(given.shift.map(\.decoded)))
        let (mean, variance) = (Memory(given.mean.map(\.decoded)), Memory(given.variance.map(\.decoded)))
        let (y, mask, dx, dResidual) = (Memory(output), Memory(output), Memory(output), Memory(output))
        let (dScale, dShift) = (Memory(given.mean.map(\.decoded)), Memory(given.mean.map(\.decoded)))
        withExtendedLifetime((x, dy, residual, other, scale, shift, mask)) {
            let channels = BatchNormChannels(
                scale: scale.start, shift: shift.start, mean: mean.start, variance: variance.start)
            PlainBatchNorm.forward(
                form, channels: channels, source: UnsafePointer(x.start),
                residual: residual.map { UnsafePointer($0.start) }, destination: y.start)
            let upstream = BatchNormUpstream(
                source: x.start, output: UnsafePointer(mask.start), gradient: dy.start,
                other: other.map { UnsafePointer($0.start) })
            PlainBatchNorm.backward(
                form, channels: channels, upstream: upstream,
                into: BatchNormDownstream(
                    source: dx.start, residual: dResidual.start, scale: dScale.start, shift: dShift.start))
        }
        (self.mean, self.variance, self.y) = (mean.numbers, variance.numbers, y.numbers)
        (self.dx, self.dResidual) = (dx.numbers, dResidual.numbers)
        (self.dScale, self.dShift) = (dScale.numbers, dShift.numbers)
    }
}
