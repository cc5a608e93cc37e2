import CAviaryKernels

/// What `PlainSoftmax` is, in single precision, vectorised and on all threads.
package enum FastSoftmax {
    package static func softmax(
        rows: Int, classes: Int, logits: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        run(rows, classes) { aviary_softmax(logits + $0, output + $0, $1, $2) }
    }

    package static func softmaxGradient(
        rows: Int, classes: Int, output: UnsafePointer<Float>, upstream: UnsafePointer<Float>,
        gradient: UnsafeMutablePointer<Float>
    ) {
        run(rows, classes) { aviary_softmax_backward(output + $0, upstream + $0, gradient + $0, $1, $2) }
    }

    package static func logSoftmax(
        rows: Int, classes: Int, logits: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        run(rows, classes) { aviary_log_softmax(logits + $0, output + $0, $1, $2) }
    }

    package static func logSoftmaxGradient(
        rows: Int, classes: Int, output: UnsafePointer<Float>, upstream: UnsafePointer<Float>,
        gradient: UnsafeMutablePointer<Float>
    ) {
        run(rows, classes) {
            aviary_log_softmax_backward(output + $0, upstream + $0, gradient + $0, $1, $2)
        }
    }

    /// The rows' losses are added up in their order, in double precision: the mean depends on no number of threads.
    package static func crossEntropy(
        rows: Int, classes: Int, logits: UnsafePointer<Float>, labels: UnsafePointer<Int64>,
        smoothing: Double, gradient: UnsafeMutablePointer<Float>?
    ) -> Double {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, rows)) { losses in
            guard let start = losses.baseAddress else { fatalError("cross entropy: no scratch for \(rows)") }
            Parallel.run(rows, grain: rowGrain(classes)) { part in
                let first = part.lowerBound * classes
                aviary_cross_entropy(
                    logits + first, labels + part.lowerBound, smoothing, 1 / Double(rows),
                    start + part.lowerBound, gradient.map { $0 + first }, Int64(part.count), Int64(classes))
            }
            return losses.prefix(rows).reduce(0, +) / Double(rows)
        }
    }

    /// Calls `body` with the first element, the rows and the columns of each thread's part.
    private static func run(_ rows: Int, _ classes: Int, _ body: (Int, Int64, Int64) -> Void) {
        Parallel.run(rows, grain: rowGrain(classes)) {
            body($0.lowerBound * classes, Int64($0.count), Int64(classes))
        }
    }

    /// A power takes some eight times as long as adding two numbers.
    private static func rowGrain(_ classes: Int) -> Int {
        max(1, Parallel.elementGrain / 8 / max(1, classes))
    }
}
