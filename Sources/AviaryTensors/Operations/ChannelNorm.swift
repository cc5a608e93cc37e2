/// A norm of channels by statistics that stand: `(x - mean) / √(variance + epsilon) · scale + shift`, each `[C]`.
package struct ChannelNorm: Sendable {
    private let statistics: ChannelStatistics
    private let scale: Tensor
    private let shift: Tensor
    private let epsilon: Double

    package init(_ statistics: ChannelStatistics, scale: Tensor, shift: Tensor, epsilon: Double) {
        (self.statistics, self.scale, self.shift, self.epsilon) = (statistics, scale, shift, epsilon)
    }

    /// The weights `[C, …]` and the bias `[C]` of a convolution that does what one and this norm behind it do.
    ///
    /// Computed in double precision and rounded once, weights to their kind, the bias to `f32` or `f64`; kept with the
    /// weights for as long as none of it changes. `nil` where a number of them is not finite.
    package func folded(into weights: Tensor, bias: Tensor?) -> (weights: Tensor, bias: Tensor)? {
        let parts = [scale, shift, statistics.mean, statistics.variance] + (bias.map { [$0] } ?? [])
        // A storage says too little of a part of it.
        guard weights.fillsStorage, parts.allSatisfy(\.fillsStorage) else { return fold(weights, bias) }
        let purpose = "\(weights.shape) folded, \(epsilon)"
        let made = weights.storage.made(from: parts.map(\.storage), for: purpose) {
            fold(weights, bias).map { [$0.weights.storage, $0.bias.storage] } ?? []
        }
        guard made.count == 2 else { return nil }
        return (
            Tensor(shape: weights.shape, dtype: weights.dtype, layout: .plain, storage: made[0]),
            Tensor(
                shape: scale.shape, dtype: weights.dtype == .f64 ? .f64 : .f32, layout: .plain,
                storage: made[1])
        )
    }

    private func fold(_ weights: Tensor, _ bias: Tensor?) -> (weights: Tensor, bias: Tensor)? {
        func numbers(_ tensor: Tensor) -> [Double] { tensor.cast(to: .f64).values(as: Double.self) }
        let (scales, shifts) = (numbers(scale), numbers(shift))
        let (means, variances) = (numbers(statistics.mean), numbers(statistics.variance))
        let biases = bias.map(numbers) ?? [Double](repeating: 0, count: scales.count)
        let factors = zip(scales, variances).map { $0 / ($1 + epsilon).squareRoot() }
        let moved = factors.indices.map { shifts[$0] + (biases[$0] - means[$0]) * factors[$0] }
        let shifted = Tensor(moved, shape: [moved.count])
        let isDouble = weights.dtype == .f64
        let folded =
            isDouble
            ? weights.multiplied(by: factors, Double.self)
            : weights.cast(to: .f32).multiplied(by: factors, Float.self)
        guard folded.sumOfSquares.isFinite, shifted.sumOfSquares.isFinite else { return nil }
        return isDouble ? (folded, shifted) : (folded.cast(to: weights.dtype), shifted.cast(to: .f32))
    }
}

extension Tensor {
    /// Each part along the first axis times its factor.
    fileprivate func multiplied<T: TensorElement & BinaryFloatingPoint>(
        by factors: [Double], _ type: T.Type
    ) -> Tensor {
        let length = count / Swift.max(1, factors.count)
        return Tensor(shape: shape, of: T.self) { output in
            plain.read(T.self) { source in
                for i in 0..<count { output[i] = T(Double(source[i]) * factors[i / length]) }
            }
        }
    }
}
