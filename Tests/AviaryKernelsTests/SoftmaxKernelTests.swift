import AviaryKernels
import Foundation
import Testing

/// The vectorised softmax, cross entropy and L2 normalisation against the plain ones.
struct SoftmaxKernelTests {
    /// One class, fewer and more than a vector has, and enough rows for a third thread or classes for a second stretch.
    static let extents = [(5, 1), (128, 10), (700, 33), (3, 9001)]

    @Test(arguments: extents, [1, 3])
    func `softmax and its logarithm, both ways`(extents: (rows: Int, classes: Int), threads: Int) {
        let (rows, classes) = extents
        let (x, dy) = (numbers(rows * classes, 1).map { 4 * $0 }, numbers(rows * classes, 2))
        let y = written(x.count, threads: threads) {
            FastSoftmax.softmax(rows: rows, classes: classes, logits: x, output: $0)
        }
        let plain = written(x.count) {
            PlainSoftmax.softmax(rows: rows, classes: classes, logits: x, output: $0)
        }
        expectClose(y, plain, "softmax")
        let logs = written(x.count, threads: threads) {
            FastSoftmax.logSoftmax(rows: rows, classes: classes, logits: x, output: $0)
        }
        let plainLogs = written(x.count) {
            PlainSoftmax.logSoftmax(rows: rows, classes: classes, logits: x, output: $0)
        }
        expectClose(logs, plainLogs, "log-softmax")
        // Of one class the gradients are 0, and rounding is all that is left.
        guard classes > 1 else { return }
        expectClose(
            written(x.count, threads: threads) {
                FastSoftmax.softmaxGradient(
                    rows: rows, classes: classes, output: plain, upstream: dy, gradient: $0)
            },
            written(x.count) {
                PlainSoftmax.softmaxGradient(
                    rows: rows, classes: classes, output: plain, upstream: dy, gradient: $0)
            }, "gradient of softmax")
        expectClose(
            written(x.count, threads: threads) {
                FastSoftmax.logSoftmaxGradient(
                    rows: rows, classes: classes, output: plainLogs, upstream: dy, gradient: $0)
            },
            written(x.count) {
                PlainSoftmax.logSoftmaxGradient(
                    rows: rows, classes: classes, output: plainLogs, upstream: dy, gradient: $0)
            }, "gradient of log-softmax")
    }

    private typealias CrossEntropy = (
        Int, Int, UnsafePointer<Float>, LabelTargets<Float>, UnsafePointer<Double>?,
        UnsafeMutablePointer<Double>, UnsafeMutablePointer<Float>?
    ) -> Void

    /// The losses of rows whose label is not -100, and the gradient by their logits.
    private func crossEntropy(
        _ kernel: CrossEntropy, _ x: [Float], labels: [Int64], weights: [Float]?, smoothing: Double,
        factors: [Double]?, threads: Int = 1
    ) -> (losses: [Double], gradient: [Float]) {
        let (rows, classes) = (labels.count, x.count / labels.count)
        let (places, weightPlaces) = (Memory(labels), weights.map { Memory($0) })
        let (factorPlaces, losses) = (
            factors.map { Memory($0) }, Memory([Double](repeating: .nan, count: rows))
        )
        let gradient = withExtendedLifetime((places, weightPlaces, factorPlaces)) {
            let targets = LabelTargets(
                labels: places.read, classes: classes, weights: weightPlaces?.read, smoothing: smoothing,
                ignoredLabel: -100)
            return written(x.count, threads: threads) {
                kernel(
                    rows, classes, x, targets, factorPlaces?.read, losses.start, factors == nil ? nil : $0)
            }
        }
        return (losses.numbers, gradient)
    }

    static let forms: [(isWeighted: Bool, smoothing: Double)] = [
        (false, 0), (false, 0.1), (true, 0), (true, 0.1), (true, 1),
    ]

    @Test(arguments: extents, forms)
    func `cross entropy and its gradient`(
        extents: (rows: Int, classes: Int), form: (isWeighted: Bool, smoothing: Double)
    ) {
        let (rows, classes) = extents
        let x = numbers(rows * classes, 3).map { 4 * $0 }
        // Every third row does not count, every fifth class weighs nothing.
        let labels = (0..<rows).map { $0 % 3 == 2 ? -100 : Int64($0 * 7 % classes) }
        let weights = (0..<classes).map { Float($0 % 5) / 2 }
        let factors = (0..<rows).map { (1 + Double($0 % 4)) / Double(rows) }
        func answer(
            _ kernel: CrossEntropy, wantsGradient: Bool = true, threads: Int = 1
        ) -> (
            losses: [Double], gradient: [Float]
        ) {
            crossEntropy(
                kernel, x, labels: labels, weights: form.isWeighted ? weights : nil,
                smoothing: form.smoothing,
                factors: wantsGradient ? factors : nil, threads: threads)
        }
        let plain = answer(PlainSoftmax.crossEntropy)
        #expect(stride(from: 2, to: rows, by: 3).allSatisfy { plain.losses[$0] == 0 })
        var losses: Set<[Double]> = []
        for threads in [1, 2, 3] {
            let fast = answer(FastSoftmax.crossEntropy, threads: threads)
            losses.insert(fast.losses)
            losses.insert(answer(FastSoftmax.crossEntropy, wantsGradient: false, threads: threads).losses)
            // Beside 4 · 2 / rows, which is what a probability of 1 would give a row.
            let worst = zip(fast.gradient, plain.gradient).map { abs($0 - $1) }.max() ?? 0
            #expect(worst * Float(rows) <= 8e-6, "\(extents), \(form): the gradient differs by \(worst)")
            #expect(
                stride(from: 2, to: rows, by: 3).allSatisfy { row in
                    fast.gradient[row * classes..<(row + 1) * classes].allSatisfy { $0 == 0 }
                })
        }
        #expect(losses.count == 1, "the losses depend on the threads, or on whether a gradient is wanted")
        for found in losses {
            let worst = zip(found, plain.losses).map { abs($0 - $1) }.max() ?? 0
            #expect(worst <= 1e-5, "\(extents), \(form): a loss differs by \(worst)")
        }
    }

    /// A class that weighs nothing may be ruled out; one that is asked for may not.
    @Test func `a cross entropy does not multiply an infinite logit by a weight of 0`() {
        let x: [Float] = [0, -.infinity, 0, 0, -.infinity, 0]
        let kernels: [CrossEntropy] = [PlainSoftmax.crossEntropy, FastSoftmax.crossEntropy]
        for kernel in kernels {
            let (losses, gradient) = crossEntropy(
                kernel, x, labels: [0, 1], weights: [1, 0, 1], smoothing: 0.5, factors: [1, 1])
            let ofEach = 0.6931471805599453 / 6
            #expect(abs(losses[0] - (3 + 2) * ofEach) < 1e-6 && abs(losses[1] - 2 * ofEach) < 1e-6)
            #expect(gradient.allSatisfy { $0.isFinite })
        }
    }

    /// Beside 1e20 the logarithm of a sum has no digits; what is asked for has them all.
    @Test(arguments: [-1e20, 1e16, 1e20] as [Float], [1, 16, 33, 9001])
    func `equal logits share a row evenly, however large they are`(logit: Float, classes: Int) {
        let x = [Float](repeating: logit, count: classes)
        let (share, surprise) = (1 / Float(classes), log(Double(classes)))
        let expected = [Float](repeating: share, count: classes)
        let logs = [Float](repeating: -Float(surprise), count: classes)
        expectClose(
            written(classes) { FastSoftmax.softmax(rows: 1, classes: classes, logits: x, output: $0) },
            expected,
            "softmax")
        expectClose(
            written(classes) { PlainSoftmax.softmax(rows: 1, classes: classes, logits: x, output: $0) },
            expected,
            "plain softmax")
        expectClose(
            written(classes) { FastSoftmax.logSoftmax(rows: 1, classes: classes, logits: x, output: $0) },
            logs,
            "log-softmax")
        expectClose(
            written(classes) { PlainSoftmax.logSoftmax(rows: 1, classes: classes, logits: x, output: $0) },
            logs,
            "plain log-softmax")
        let kernels: [CrossEntropy] = [PlainSoftmax.crossEntropy, FastSoftmax.crossEntropy]
        for (kernel, smoothing) in kernels.flatMap({ [($0, 0.0), ($0, 0.1)] }) {
            for weights in [nil, [Float](repeating: 2, count: classes)] {
                let (losses, gradient) = crossEntropy(
                    kernel, x, labels: [0], weights: weights, smoothing: smoothing, factors: [1])
                let weight = weights == nil ? 1.0 : 2
                #expect(abs(losses[0] - weight * surprise) <= 1e-6 * weight * surprise)
                let asked = (0..<classes).map {
                    $0 == 0 ? 1 - smoothing + smoothing * Double(share) : smoothing * Double(share)
                }
                let worst =
                    zip(gradient, asked).map { abs(Double($0) - weight * (Double(share) - $1)) }.max() ?? 1
                #expect(worst <= 1e-6, "\(logit), \(classes): the gradient differs by \(worst)")
            }
        }
    }

    @Test func `classes that are ruled out have no probability, and NaN spreads over its row alone`() {
        let x: [Float] = [0, -.infinity, 0, 1, .nan, 1]
        let y = written(6) { FastSoftmax.softmax(rows: 2, classes: 3, logits: x, output: $0) }
        #expect(y[..<3] == [0.5, 0, 0.5] && y[3...].allSatisfy { $0.isNaN })
    }

    @Test(arguments: extents, [1, 3])
    func `vectors of length 1, both ways`(extents: (rows: Int, columns: Int), threads: Int) {
        let (rows, columns) = extents
        var x = numbers(rows * columns, 4)
        // One that is shorter than epsilon does not set its own divisor.
        for i in 0..<columns { x[i] = 1e-9 }
        let (dy, epsilon) = (numbers(x.count, 5), 1e-3)
        var (lengths, plainLengths) = (
            [Float](repeating: .nan, count: rows), [Float](repeating: .nan, count: rows)
        )
        let y = written(x.count, threads: threads) {
            FastL2Normalisation.forward(
                rows: rows, columns: columns, epsilon: epsilon, source: x, output: $0, lengths: &lengths)
        }
        let plain = written(x.count) {
            PlainL2Normalisation.forward(
                rows: rows, columns: columns, epsilon: epsilon, source: x, output: $0, lengths: &plainLengths)
        }
        expectClose(y, plain, "output")
        expectClose(lengths, plainLengths, "length")
        expectClose(
            written(x.count, threads: threads) {
                FastL2Normalisation.backward(
                    rows: rows, columns: columns, epsilon: epsilon, output: plain, lengths: plainLengths,
                    upstream: dy, gradient: $0)
            },
            written(x.count) {
                PlainL2Normalisation.backward(
                    rows: rows, columns: columns, epsilon: epsilon, output: plain, lengths: plainLengths,
                    upstream: dy, gradient: $0)
            }, "gradient")
    }

    /// A power errs by 1e-7 of itself, and the sums of some hundred of them by a little more.
    private func expectClose(_ fast: [Float], _ plain: [Float], _ what: String) {
        let scale = max(plain.map(abs).max() ?? 0, 1e-30)
        let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? 0
        #expect(fast.count == plain.count && fast.allSatisfy { !$0.isNaN }, "\(what)")
        #expect(worst <= 2e-6 * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
    }

    /// Numbers in [-1, 1) that look random and are the same each time.
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }
}
