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

    /// Each row by itself: neither losses nor gradient depend on the number of threads.
    package static func crossEntropy(
        rows: Int, classes: Int, logits: UnsafePointer<Float>, targets: LabelTargets<Float>,
        factors: UnsafePointer<Double>?, losses: UnsafeMutablePointer<Double>,
        gradient: UnsafeMutablePointer<Float>?
    ) {
        withUnsafePointer(to: targets.arguments) { arguments in
            Parallel.run(rows, grain: rowGrain(classes)) { part in
                let (row, first) = (part.lowerBound, part.lowerBound * classes)
                aviary_cross_entropy(
                    logits + first, targets.labels + row, arguments, factors.map { $0 + row }, losses + row,
                    gradient.map { $0 + first }, Int64(part.count), Int64(classes))
            }
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
