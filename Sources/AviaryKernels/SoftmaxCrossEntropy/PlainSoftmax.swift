#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Softmax, its logarithm and the cross entropy of its result, row by row of `[rows, classes]`: the reference, and the
/// form for double precision.
package enum PlainSoftmax {
    /// Writes each row's softmax; the row's maximum is taken off first, so that nothing overflows.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func softmax<T: BinaryFloatingPoint>(
        rows: Int, classes: Int, logits: UnsafePointer<T>, output: UnsafeMutablePointer<T>
    ) {
        for row in 0..<rows {
            let x = logits + row * classes
            let (greatest, sum) = normalizer(x, classes)
            for c in 0..<classes { output[row * classes + c] = T(exp(Double(x[c]) - greatest) / sum) }
        }
    }

    /// The gradient by the logits: `y · (dy - Σ dy y)`.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func softmaxGradient<T: BinaryFloatingPoint>(
        rows: Int, classes: Int, output: UnsafePointer<T>, upstream: UnsafePointer<T>,
        gradient: UnsafeMutablePointer<T>
    ) {
        for row in 0..<rows {
            let (y, dy) = (output + row * classes, upstream + row * classes)
            var mean = 0.0
            for c in 0..<classes { mean += Double(dy[c]) * Double(y[c]) }
            // The difference first: where a row is saturated it cancels to the last bit, and only then is scaled.
            for c in 0..<classes {
                gradient[row * classes + c] = T((Double(dy[c]) - mean) * Double(y[c]))
            }
        }
    }

    /// Writes each row's logits less the logarithm of the sum of their powers.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func logSoftmax<T: BinaryFloatingPoint>(
        rows: Int, classes: Int, logits: UnsafePointer<T>, output: UnsafeMutablePointer<T>
    ) {
        for row in 0..<rows {
            let x = logits + row * classes
            let (greatest, sum) = normalizer(x, classes)
            let logOfSum = log(sum)
            for c in 0..<classes { output[row * classes + c] = T(Double(x[c]) - greatest - logOfSum) }
        }
    }

    /// The gradient by the logits: `dy - e^y · Σ dy`.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func logSoftmaxGradient<T: BinaryFloatingPoint>(
        rows: Int, classes: Int, output: UnsafePointer<T>, upstream: UnsafePointer<T>,
        gradient: UnsafeMutablePointer<T>
    ) {
        for row in 0..<rows {
            let (y, dy) = (output + row * classes, upstream + row * classes)
            var sum = 0.0
            for c in 0..<classes { sum += Double(dy[c]) }
            for c in 0..<classes {
                gradient[row * classes + c] = T(Double(dy[c]) - exp(Double(y[c])) * sum)
            }
        }
    }

    /// Into `losses` `-Σ q log p` of each row, where `q` is its target; unless `gradient` is `nil`, into it that by the
    /// logits of the sum of the losses, each times its factor: `factor · (p · Σ q - q)`.
    ///
    /// A row that does not count is not read: it costs 0 and has a gradient of 0.
    ///
    /// Source: Szegedy et al. 2016, section 7 (label smoothing); PyTorch's `cross_entropy` with weights.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func crossEntropy<T: BinaryFloatingPoint>(
        rows: Int, classes: Int, logits: UnsafePointer<T>, targets: LabelTargets<T>,
        factors: UnsafePointer<Double>?, losses: UnsafeMutablePointer<Double>,
        gradient: UnsafeMutablePointer<T>?
    ) {
        let share = targets.smoothing / Double(classes)
        for row in 0..<rows {
            let x = logits + row * classes
            let dx = gradient.map { $0 + row * classes }
            losses[row] = 0
            guard targets.labels[row] != targets.ignoredLabel else {
                dx?.update(repeating: 0, count: classes)
                continue
            }
            let (greatest, sum) = normalizer(x, classes)
            let logOfSum = log(sum)
            let label = Int(targets.labels[row])
            let ofLabel = (1 - targets.smoothing) * targets.weight(of: label)
            let asked = ofLabel + share * targets.weightSum
            for c in 0..<classes {
                let target = share * targets.weight(of: c) + (c == label ? ofLabel : 0)
                // A class of logit -∞ costs nothing where nothing is asked of it: 0 · ∞ would be NaN.
                if target != 0 { losses[row] += target * (logOfSum - (Double(x[c]) - greatest)) }
                guard let dx, let factors else { continue }
                dx[c] = T(factors[row] * (asked * exp(Double(x[c]) - greatest) / sum - target))
            }
        }
    }

    /// A row's greatest logit and the sum of the powers of what the others are below it.
    ///
    /// They are never joined to `greatest + log(sum)`: beside a logit of 1e20 nothing would be left of the logarithm.
    @specialized(where T == Float)
    @specialized(where T == Double)
    private static func normalizer<T: BinaryFloatingPoint>(
        _ x: UnsafePointer<T>, _ classes: Int
    ) -> (greatest: Double, sum: Double) {
        var (greatest, sum) = (-Double.infinity, 0.0)
        for c in 0..<classes { greatest = max(greatest, Double(x[c])) }
        for c in 0..<classes { sum += exp(Double(x[c]) - greatest) }
        return (greatest, sum)
    }
}
