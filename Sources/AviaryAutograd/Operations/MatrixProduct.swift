import AviaryTensors

extension Variable {
    /// `[rows, inner] × [inner, columns]`.
    public func product(_ other: Variable) -> Variable {
        let keptLeft = other.needsGradient ? tensor : nil
        let keptRight = needsGradient ? other.tensor : nil
        let output = tensor.product(other.tensor)
        return pass.record(
            output, from: [self, other], multiplyAdds: output.count * shape[1]
        ) { upstream in
            [
                keptRight.map { upstream.product($0, isRightTransposed: true) },
                keptLeft.map { $0.product(upstream, isLeftTransposed: true) },
            ]
        }
    }
}
