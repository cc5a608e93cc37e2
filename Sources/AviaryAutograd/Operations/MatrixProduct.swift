import AviaryTensors

extension Variable {
    /// `[rows, inner] × [inner, columns]`.
    public func product(_ other: Variable) -> Variable {
        let keptLeft = other.needsGradient ? tensor : nil
        let keptRight = needsGradient ? other.tensor : nil
        return pass.record(tensor.product(other.tensor), from: [self, other]) { upstream in
            [
                keptRight.map { upstream.product($0, isRightTransposed: true) },
                keptLeft.map { $0.product(upstream, isLeftTransposed: true) },
            ]
        }
    }
}
