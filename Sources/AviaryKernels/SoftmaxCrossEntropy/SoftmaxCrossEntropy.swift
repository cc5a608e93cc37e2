#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Softmax and the cross entropy of its result, row by row of `[rows, classes]`.
package enum SoftmaxCrossEntropy {
    /// Writes each row's softmax; the row's maximum is taken off first, so that nothing overflows.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func softmax<T: BinaryFloatingPoint>(
        rows: Int, classes: Int, logits: UnsafePointer<T>, probabilities: UnsafeMutablePointer<T>
    ) {
        Parallel.run(rows, grain: 256) { part in
            for row in part {
                let (x, p) = (logits + row * classes, probabilities + row * classes)
                var greatest = -T.infinity
                for c in 0..<classes { greatest = max(greatest, x[c]) }
                var sum = 0.0
                for c in 0..<classes {
                    let power = exp(Double(x[c] - greatest))
                    p[c] = T(power)
                    sum += power
                }
                for c in 0..<classes { p[c] = T(Double(p[c]) / sum) }
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

    /// The mean over rows of `-Σ q log p`, where `q` is the label's one-hot, smoothed to
    /// `(1 - smoothing) one-hot + smoothing / classes`.
    ///
    /// Source: Szegedy et al. 2016, section 7 (label smoothing); PyTorch's `cross_entropy` with mean reduction.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func loss<T: BinaryFloatingPoint>(
        rows: Int, classes: Int, logits: UnsafePointer<T>, labels: UnsafePointer<Int64>, smoothing: Double
    ) -> T {
        var total = 0.0
        for row in 0..<rows {
            let x = logits + row * classes
            let logOfSum = logarithmOfSum(x, classes)
            var plainSum = 0.0
            for c in 0..<classes { plainSum += Double(x[c]) }
            let ofLabel = logOfSum - Double(x[Int(labels[row])])
            let ofUniform = logOfSum - plainSum / Double(classes)
            // A class of logit -∞ costs nothing where nothing is asked of it: 0 · ∞ would be NaN.
            total += (1 - smoothing) * ofLabel + (smoothing > 0 ? smoothing * ofUniform : 0)
        }
        return T(total / Double(rows))
    }

    /// The gradient of the mean loss by the logits: `(p - q) upstream / rows`.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint>(
        rows: Int, classes: Int, probabilities: UnsafePointer<T>, labels: UnsafePointer<Int64>,
        smoothing: Double,
        upstream: T, gradient: UnsafeMutablePointer<T>
    ) {
        let factor = upstream / T(rows)
        for row in 0..<rows {
            for c in 0..<classes {
                let isLabel = Int(labels[row]) == c
                let target = (isLabel ? 1 - smoothing : 0) + smoothing / Double(classes)
                gradient[row * classes + c] = (probabilities[row * classes + c] - T(target)) * factor
            }
        }
    }
}
