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
            let logOfSum = logarithmOfSum(x, classes)
            for c in 0..<classes { output[row * classes + c] = T(exp(Double(x[c]) - logOfSum)) }
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
            let logOfSum = logarithmOfSum(x, classes)
            for c in 0..<classes { output[row * classes + c] = T(Double(x[c]) - logOfSum) }
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

    /// The mean over rows of `-Σ q log p`, where `q` is the label's one-hot, smoothed to
    /// `(1 - smoothing) one-hot + smoothing / classes`; into `gradient` that by the logits, `(p - q) / rows`.
    ///
    /// Source: Szegedy et al. 2016, section 7 (label smoothing); PyTorch's `cross_entropy` with mean reduction.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func crossEntropy<T: BinaryFloatingPoint>(
        rows: Int, classes: Int, logits: UnsafePointer<T>, labels: UnsafePointer<Int64>, smoothing: Double,
        gradient: UnsafeMutablePointer<T>?
    ) -> Double {
        var total = 0.0
        for row in 0..<rows {
            let (x, label) = (logits + row * classes, Int(labels[row]))
            let logOfSum = logarithmOfSum(x, classes)
            var plainSum = 0.0
            for c in 0..<classes { plainSum += Double(x[c]) }
            let ofLabel = logOfSum - Double(x[label])
            let ofUniform = logOfSum - plainSum / Double(classes)
            // A class of logit -∞ costs nothing where nothing is asked of it: 0 · ∞ would be NaN.
            total += (1 - smoothing) * ofLabel + (smoothing > 0 ? smoothing * ofUniform : 0)
            guard let gradient else { continue }
            for c in 0..<classes {
                let target = (c == label ? 1 - smoothing : 0) + smoothing / Double(classes)
                gradient[row * classes + c] = T((exp(Double(x[c]) - logOfSum) - target) / Double(rows))
            }
        }
        return total / Double(rows)
    }

    @specialized(where T == Float)
    @specialized(where T == Double)
    private static func logarithmOfSum<T: BinaryFloatingPoint>(
        _ x: UnsafePointer<T>, _ classes: Int
    ) -> Double {
        var (greatest, sum) = (-Double.infinity, 0.0)
        for c in 0..<classes { greatest = max(greatest, Double(x[c])) }
        for c in 0..<classes { sum += exp(Double(x[c]) - greatest) }
        return greatest + log(sum)
    }
}
