import AviaryTensors

extension Variable {
    /// `[rows, inner] × [inner, columns]`.
    public func product(_ other: Variable) -> Variable {
        arithmetic("matrix product", with: other, native: DType.withProducts) { left, right in
            let keptLeft = right.needsGradient ? left.tensor : nil
            let keptRight = left.needsGradient ? right.tensor : nil
            let output = left.tensor.product(right.tensor)
            let multiplyAdds = output.count * left.shape[1]
            return left.pass.record(output, from: [left, right], multiplyAdds: multiplyAdds) { upstream in
                [
                    keptRight.map { upstream.product($0, isRightTransposed: true) },
                    keptLeft.map { $0.product(upstream, isLeftTransposed: true) },
                ]
            }
        }
    }
}
