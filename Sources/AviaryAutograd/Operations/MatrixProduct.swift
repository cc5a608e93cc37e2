import AviaryTensors

extension Variable {
    /// `[rows, inner] × [inner, columns]`.
    public func product(_ other: Variable) -> Variable {
        arithmetic("matrix product", with: other, native: DType.withProducts) { left, right in
            let keptLeft = right.needsGradient ? left.tensor : nil
            let keptRight = left.needsGradient ? right.tensor : nil
            let output = left.tensor.product(right.tensor)
            let multiplyAdds = output.count * left.shape[1]
            // An operand that was rounded on its way in keeps its gradient unrounded.
            let kinds = [left, right].map { $0.gradientKind == $0.dtype ? $0.dtype : .f32 }
            return left.pass.record(output, from: [left, right], multiplyAdds: multiplyAdds) { upstream in
                [
                    keptRight.map { upstream.product($0, isRightTransposed: true, output: kinds[0]) },
                    keptLeft.map { $0.product(upstream, isLeftTransposed: true, output: kinds[1]) },
                ]
            }
        }
    }
}
