import AviaryTensors

/// The product, element by element; the shapes are broadcast.
///
/// Whole numbers are of one kind, wrap around, and have no gradient.
public func * (left: Variable, right: Variable) -> Variable {
    // A gradient that is still to be summed is not rounded before.
    let native: Set<DType> = left.shape == right.shape ? [.bf16] : []
    return left.arithmetic("multiply", with: right, takes: DType.numbers, native: native) { left, right in
        let product = left.tensor.multiplying(right.tensor)
        let (a, b) = (left.shape, right.shape)
        // An input is kept only if the other side needs a gradient.
        let keptLeft = right.needsGradient ? left.tensor : nil
        let keptRight = left.needsGradient ? right.tensor : nil
        return left.pass.record(product, from: [left, right]) { upstream in
            [
                keptRight.map { upstream.multiplying($0).summed(to: a) },
                keptLeft.map { upstream.multiplying($0).summed(to: b) },
            ]
        }
    }
}

/// The product with a number.
public func * (left: Variable, right: Double) -> Variable {
    left.dtype.require(DType.numbers, "multiply")
    guard left.dtype.isReal else { return left * left.constant(right) }
    return left.pass.record(left.tensor.scaled(by: right), from: [left]) { [$0.scaled(by: right)] }
}

/// The product with a number.
public func * (left: Double, right: Variable) -> Variable { right * left }
