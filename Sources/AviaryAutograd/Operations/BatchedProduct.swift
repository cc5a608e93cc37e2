import AviaryTensors

extension Variable {
    /// `[…, rows, inner] × […, inner, columns]`, one matrix product for each place in the axes in front.
    ///
    /// Those are broadcast.
    public func batchedProduct(_ other: Variable) -> Variable {
        arithmetic("batched matrix product", with: other) { left, right in
            let (a, b) = (left.shape, right.shape)
            let keptLeft = right.needsGradient ? left.tensor : nil
            let keptRight = left.needsGradient ? right.tensor : nil
            let output = left.tensor.batchedProduct(right.tensor)
            let multiplyAdds = output.count * a[a.count - 1]
            return left.pass.record(output, from: [left, right], multiplyAdds: multiplyAdds) { upstream in
                [
                    keptRight.map { upstream.batchedProduct($0, isRightTransposed: true).summed(to: a) },
                    keptLeft.map { $0.batchedProduct(upstream, isLeftTransposed: true).summed(to: b) },
                ]
            }
        }
    }
}
