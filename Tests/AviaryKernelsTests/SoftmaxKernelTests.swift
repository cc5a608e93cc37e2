import AviaryKernels
import Testing

/// The vectorised softmax, cross entropy and L2 normalisation against the plain ones.
struct SoftmaxKernelTests {
    /// One class, fewer and more than a vector has, and enough rows for a third thread or classes for a second stretch.
    static let extents = [(5, 1), (128, 10), (700, 33), (3, 9001)]

    @Test(arguments: extents, [1, 3])
    func `softmax and its logarithm, both ways`(extents: (rows: Int, classes: Int), threads: Int) {
        let (rows, classes) = extents
        let (x, dy) = (numbers(rows * classes, 1).map { 4 * $0 }, numbers(rows * classes, 2))
        let y = run(x.count, threads) {
            FastSoftmax.softmax(rows: rows, classes: classes, logits: x, output: $0)
        }
        let plain = run(x.count) { PlainSoftmax.softmax(rows: rows, classes: classes, logits: x, output: $0) }
        expectClose(y, plain, "softmax")
        let logs = run(x.count, threads) {
            FastSoftmax.logSoftmax(rows: rows, classes: classes, logits: x, output: $0)
        }
        let plainLogs = run(x.count) {
            PlainSoftmax.logSoftmax(rows: rows, classes: classes, logits: x, output: $0)
        }
        expectClose(logs, plainLogs, "log-softmax")
        // Of one class the gradients are 0, and rounding is all that is left.
        guard classes > 1 else { return }
        expectClose(
            run(x.count, threads) {
                FastSoftmax.softmaxGradient(
                    rows: rows, classes: classes, output: plain, upstream: dy, gradient: $0)
            },
            run(x.count) {
                PlainSoftmax.softmaxGradient(
                    rows: rows, classes: classes, output: plain, upstream: dy, gradient: $0)
            }, "gradient of softmax")
        expectClose(
            run(x.count, threads) {
                FastSoftmax.logSoftmaxGradient(
                    rows: rows, classes: classes, output: plainLogs, upstream: dy, gradient: $0)
            },
            run(x.count) {
                PlainSoftmax.logSoftmaxGradient(
                    rows: rows, classes: classes, output: plainLogs, upstream: dy, gradient: $0)
            }, "gradient of log-softmax")
    }

    @Test(arguments: extents, [0, 0.1])
    func `cross entropy and its gradient`(extents: (rows: Int, classes: Int), smoothing: Double) {
        let (rows, classes) = extents
        let x = numbers(rows * classes, 3).map { 4 * $0 }
        let labels = (0..<rows).map { Int64($0 * 7 % classes) }
        var (plainLoss, losses) = (0.0, Set<Double>())
        let plain = run(x.count) {
            plainLoss = PlainSoftmax.crossEntropy(
                rows: rows, classes: classes, logits: x, labels: labels, smoothing: smoothing, gradient: $0)
        }
        for threads in [1, 2, 3] {
            let fast = run(x.count, threads) {
                losses.insert(
                    FastSoftmax.crossEntropy(
                        rows: rows, classes: classes, logits: x, labels: labels, smoothing: smoothing,
                        gradient: $0))
            }
            losses.insert(
                FastSoftmax.crossEntropy(
                    rows: rows, classes: classes, logits: x, labels: labels, smoothing: smoothing,
                    gradient: nil))
            // Beside 1 / rows, which is what a probability of 1 would give.
            let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? 0
            #expect(worst * Float(rows) <= 1e-6, "\(extents): the gradient differs by \(worst)")
        }
        #expect(losses.count == 1, "the loss depends on the threads, or on whether a gradient is wanted")
        #expect(losses.allSatisfy { abs($0 - plainLoss) <= 1e-6 * max(1, plainLoss) })
    }

    @Test func `classes that are ruled out have no probability, and NaN spreads over its row alone`() {
        let x: [Float] = [0, -.infinity, 0, 1, .nan, 1]
        let y = run(6) { FastSoftmax.softmax(rows: 2, classes: 3, logits: x, output: $0) }
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
        let y = run(x.count, threads) {
            FastL2Normalisation.forward(
                rows: rows, columns: columns, epsilon: epsilon, source: x, output: $0, lengths: &lengths)
        }
        let plain = run(x.count) {
            PlainL2Normalisation.forward(
                rows: rows, columns: columns, epsilon: epsilon, source: x, output: $0, lengths: &plainLengths)
        }
        expectClose(y, plain, "output")
        expectClose(lengths, plainLengths, "length")
        expectClose(
            run(x.count, threads) {
                FastL2Normalisation.backward(
                    rows: rows, columns: columns, epsilon: epsilon, output: plain, lengths: plainLengths,
                    upstream: dy, gradient: $0)
            },
            run(x.count) {
                PlainL2Normalisation.backward(
                    rows: rows, columns: columns, epsilon: epsilon, output: plain, lengths: plainLengths,
                    upstream: dy, gradient: $0)
            }, "gradient")
    }

    /// What `body` leaves in memory that held NaN.
    private func run(
        _ count: Int, _ threads: Int = 1, _ body: (UnsafeMutablePointer<Float>) -> Void
    ) -> [Float] {
        // One more, which nobody may touch.
        var output = [Float](repeating: .nan, count: count) + [12345]
        Parallel.withThreadCount(threads) {
            output.withUnsafeMutableBufferPointer { memory in
                guard let start = memory.baseAddress else { return }
                body(start)
            }
        }
        #expect(output.last == 12345, "wrote past the end")
        return output.dropLast()
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
