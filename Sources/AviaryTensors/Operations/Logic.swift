// On masks: bool, or uint8 of which 0 is false. The result is bool.

/// Where both masks hold; the shapes are broadcast.
public func .& (left: Tensor, right: Tensor) -> Tensor {
    left.mask("and").paired("and", with: right.mask("and")) { (a: Bool, b: Bool) in a && b }
}

/// Where one of the masks holds, or both; the shapes are broadcast.
public func .| (left: Tensor, right: Tensor) -> Tensor {
    left.mask("or").paired("or", with: right.mask("or")) { (a: Bool, b: Bool) in a || b }
}

/// Where the mask does not hold.
public prefix func .! (operand: Tensor) -> Tensor {
    let mask = operand.mask("not")
    return mask.paired("not", with: mask) { (a: Bool, _: Bool) in !a }
}

extension Tensor {
    fileprivate func mask(_ operation: String) -> Tensor {
        guard dtype.isMask else { dtypeMistake(operation, dtype, supported: [.bool, .uint8]) }
        return cast(to: .bool)
    }
}
