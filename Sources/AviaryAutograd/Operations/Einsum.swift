import AviaryTensors

/// The contraction of two operands in Einstein's notation: a sum over every letter that the result lacks.
///
/// "nqhd,nkhd->nhqk" multiplies along `d` and leaves the rest. A letter stands once in an operand at most,
/// and the result is always written.
///
/// - Parameters:
///   - equation: A letter for each axis of the left operand, of the right one, and of the result.
///   - left: As many axes as it has letters.
///   - right: As many axes as it has letters; an extent that both have is the same, or 1 in one of them, which is then
///     repeated.
/// - Returns: An axis for each letter of the result.
public func einsum(_ equation: String, _ left: Variable, _ right: Variable) -> Variable {
    let shapes = left.tensor.contractionShapes(with: right.tensor, equation)
    let (left, right) = (left.repeated(to: shapes.left), right.repeated(to: shapes.right))
    return left.arithmetic("einsum", with: right) { left, right in
        let output = left.tensor.contracted(with: right.tensor, equation)
        let (a, b) = (left.shape, right.shape)
        let keptLeft = right.needsGradient ? left.tensor : nil
        let keptRight = left.needsGradient ? right.tensor : nil
        let multiplyAdds = left.tensor.contractionMultiplyAdds(with: right.tensor, equation)
        return left.pass.record(output, from: [left, right], multiplyAdds: multiplyAdds) { upstream in
            [
                keptRight.map { upstream.contractionGradient(shape: a, with: $0, equation) },
                keptLeft.map { upstream.contractionGradient(shape: b, with: $0, exchanged(equation)) },
            ]
        }
    }
}

extension Variable {
    fileprivate func repeated(to shape: [Int]) -> Variable {
        self.shape == shape ? self : broadcast(to: shape)
    }
}

/// The same equation with its operands in the other order.
private func exchanged(_ equation: String) -> String {
    let sides = equation.filter { $0 != " " }.split(separator: "->", omittingEmptySubsequences: false)
    let operands = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    return "\(operands[1]),\(operands[0])->\(sides[1])"
}
