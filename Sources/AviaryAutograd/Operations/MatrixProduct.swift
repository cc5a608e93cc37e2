import AviaryTensors

extension Variable {
    /// `[rows, inner] × [inner, columns]`.
    public func product(_ other: Variable) -> Variable {
        arithmetic("matrix product", with: other) { left, right in
            let keptLeft = right.needsGradient ? left.tensor : nil
            let keptRight = left.needsGradient ? right.tensor : nil
            return left.pass.record(left.tensor.product(right.tensor), from: [left, right]) { upstream in
                [
                    keptRight.map { upstream.product($0, isRightTransposed: true) },
                    keptLeft.map { $0.product(upstream, isLeftTransposed: true) },
                ]
            }
        }
    }
}
