import AviaryTensors

extension Variable {
    /// `[…, rows, inner] × […, inner, columns]`, one matrix product for each place in the axes in front.
    ///
    /// Those are broadcast.
    public func batchedProduct(_ other: Variable) -> Variable {
        let (a, b) = (shape, other.shape)
        let keptLeft = other.needsGradient ? tensor : nil
        let keptRight = needsGradient ? other.tensor : nil
        let output = tensor.batchedProduct(other.tensor)
        return pass.record(
            output, from: [self, other], multiplyAdds: output.count * a[a.count - 1]
        ) { upstream in
            [
                keptRight.map { upstream.batchedProduct($0, isRightTransposed: true).summed(to: a) },
                keptLeft.map { $0.batchedProduct(upstream, isLeftTransposed: true).summed(to: b) },
            ]
        }
    }
}
