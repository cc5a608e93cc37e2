#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// Reductions of the rows of [rows, n] to [rows]; every other reduction is brought to this form.
extension Tensor {
    /// The logarithm of the sum of exponentials of each row; minus infinity for an empty one.
    package var logSumExpOfRows: Tensor {
        reducedRows("log-sum-exp") { row in
            let greatest = row.max() ?? -.infinity
            guard greatest.isFinite else { return row.contains(where: \.isNaN) ? .nan : greatest }
            return greatest + log(row.reduce(0) { $0 + exp($1 - greatest) })
        }
    }

    /// The gradient of `logSumExpOfRows`, whose value was `output`: the softmax of each row.
    package func logSumExpGradient(output: Tensor, upstream: Tensor) -> Tensor {
        mappedRows("log-sum-exp", output, upstream) { row, output, upstream in
            // A row of minus infinities has no slope; their difference would be NaN.
            if output == -.infinity { return row.map { _ in 0 } }
            // A finite number has none beside infinity, whose own is NaN.
            if output == .infinity { return row.map { upstream * exp($0 - output) } }
            // Not by `output`: beside a number of 1e20, and in f32 beside 1e4, it has lost the logarithm of the sum.
            let greatest = row.max() ?? 0
            let sum = row.reduce(0) { $0 + exp($1 - greatest) }
            return row.map { upstream * exp($0 - greatest) / sum }
        }
    }

    /// The variance of each row: the squared distances from its mean over their number less `correction`, or over 0.
    package func varianceOfRows(correction: Int) -> Tensor {
        reducedRows("variance") { row in
            let mean = row.reduce(0, +) / Double(row.count)
            let squares = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return squares / Double(max(0, row.count - correction))
        }
    }

    /// The gradient of `varianceOfRows`.
    package func varianceGradient(correction: Int, upstream: Tensor) -> Tensor {
        mappedRows("variance", upstream, upstream) { row, _, upstream in
            let mean = row.reduce(0, +) / Double(row.count)
            let factor = 2 * upstream / Double(row.count - correction)
            return row.map { factor * ($0 - mean) }
        }
    }

    private func reductionRows(_ operation: String) -> (rows: Int, count: Int) {
        dtype.require([.f32, .f64], operation)
        guard shape.count == 2 else { shapeMistake(operation, shape, "[rows, n]") }
        return (shape[0], shape[1])
    }

    /// One number for each row, computed in double precision.
    private func reducedRows(_ operation: String, _ function: ([Double]) -> Double) -> Tensor {
        let (rows, count) = reductionRows(operation)
        func reduce<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            let source = plain
            return Tensor(shape: [rows], of: T.self) { output in
                source.read(T.self) { values in
                    for row in 0..<rows {
                        output[row] = T(function((0..<count).map { Double(values[row * count + $0]) }))
                    }
                }
            }
        }
        return dtype == .f64 ? reduce(Double.self) : reduce(Float.self)
    }

    /// A new row for each row and its numbers in two tensors `[rows]`, computed in double precision.
    func mappedRows(
        _ operation: String, _ first: Tensor, _ second: Tensor,
        _ function: ([Double], Double, Double) -> [Double]
    ) -> Tensor {
        let (rows, count) = reductionRows(operation)
        func map<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            let (values, a, b) = (
                self.values(as: T.self), first.values(as: T.self), second.values(as: T.self)
            )
            return Tensor(shape: shape, of: T.self) { output in
                for row in 0..<rows {
                    let numbers = values[row * count..<(row + 1) * count].map { Double($0) }
                    let result = function(numbers, Double(a[row]), Double(b[row]))
                    for i in 0..<count { output[row * count + i] = T(result[i]) }
                }
            }
        }
        return dtype == .f64 ? map(Double.self) : map(Float.self)
    }
}
