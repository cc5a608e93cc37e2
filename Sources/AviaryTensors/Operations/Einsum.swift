extension Tensor {
    /// The contraction that `equation` ("nqhd,nkhd->nhqk") describes: summed over letters the result lacks.
    package func contracted(with other: Tensor, _ equation: String) -> Tensor {
        let letters = Contraction(equation, shape, other.shape)
        // Letters of one side alone that the result lacks are summed first.
        let left = summed(letters.left, keeping: letters.shared + letters.leftOnly + letters.inner)
        let right = other.summed(letters.right, keeping: letters.shared + letters.inner + letters.rightOnly)
        func extents(_ names: [Character]) -> [Int] { names.map { letters.extents[$0, default: 1] } }
        let batch = extents(letters.shared).product
        let (rows, columns) = (extents(letters.leftOnly), extents(letters.rightOnly))
        let inner = extents(letters.inner).product
        let product = left.reshaped([batch, rows.product, inner])
            .batchedProduct(right.reshaped([batch, inner, columns.product]))  // [batch, rows, columns]
        let found = letters.shared + letters.leftOnly + letters.rightOnly
        return product.reshaped(extents(found)).permuted(
            letters.result.compactMap { found.firstIndex(of: $0) })
    }

    /// The shapes of both operands where an extent of 1 is as long as the other operand's.
    package func contractionShapes(with other: Tensor, _ equation: String) -> (left: [Int], right: [Int]) {
        let letters = Contraction(equation, shape, other.shape)
        func extents(_ names: [Character]) -> [Int] { names.map { letters.extents[$0, default: 1] } }
        return (extents(letters.left), extents(letters.right))
    }

    /// How many products the contraction with `other` adds up.
    package func contractionMultiplyAdds(with other: Tensor, _ equation: String) -> Int {
        let letters = Contraction(equation, shape, other.shape)
        let multiplied = letters.shared + letters.leftOnly + letters.inner + letters.rightOnly
        return multiplied.map { letters.extents[$0, default: 1] }.product
    }

    /// The gradient by a left operand of `shape` whose contraction with `other` had this gradient.
    package func contractionGradient(shape: [Int], with other: Tensor, _ equation: String) -> Tensor {
        let letters = Contraction(equation, shape, other.shape)
        // A letter that was summed on this side alone: every element along it has the same gradient.
        let reached = letters.left.filter { letters.result.contains($0) || letters.right.contains($0) }
        let back = "\(String(letters.result)),\(String(letters.right))->\(String(reached))"
        let kept = letters.left.map { reached.contains($0) ? letters.extents[$0, default: 1] : 1 }
        return contracted(with: other, back).reshaped(kept).broadcast(to: shape)
    }

    /// The axes named `letters` summed and permuted to those in `kept`, in that order.
    private func summed(_ letters: [Character], keeping kept: [Character]) -> Tensor {
        let rest = letters.filter { kept.contains($0) }
        let extents = zip(letters, shape).map { kept.contains($0) ? $1 : 1 }
        let left = zip(letters, shape).filter { kept.contains($0.0) }.map { $0.1 }
        let order = kept.compactMap { rest.firstIndex(of: $0) }
        let smaller = summed(to: extents).reshaped(left)
        return order == Array(order.indices) ? smaller : smaller.permuted(order)
    }
}

/// Two operands' letters and what becomes of each: "nqhd,nkhd->nhqk" shares n and h, and sums over d.
private struct Contraction {
    /// The letters of each operand and of the result.
    let left: [Character]
    let right: [Character]
    let result: [Character]
    /// In both operands and the result.
    let shared: [Character]
    /// In both operands, not in the result.
    let inner: [Character]
    /// In one operand and the result.
    let leftOnly: [Character]
    let rightOnly: [Character]
    let extents: [Character: Int]

    /// Reads an equation; stops the program where it is none or the shapes do not fit it.
    init(_ equation: String, _ leftShape: [Int], _ rightShape: [Int]) {
        func mistake(_ reason: String) -> Never { fatalError("einsum \"\(equation)\": \(reason)") }
        let sides = equation.filter { $0 != " " }.split(separator: "->", omittingEmptySubsequences: false)
        let operands = sides.first?.split(separator: ",", omittingEmptySubsequences: false) ?? []
        guard sides.count == 2, operands.count == 2 else {
            mistake("takes two operands and a result, as in \"nqhd,nkhd->nhqk\"")
        }
        let (left, right, result) = (Array(operands[0]), Array(operands[1]), Array(sides[1]))
        for names in [left, right, result] {
            if let other = names.first(where: { !$0.isLetter }) { mistake("'\(other)' is not a letter") }
            if Set(names).count < names.count {
                mistake("a letter stands twice in \"\(String(names))\"; diagonals are not taken")
            }
        }
        if let unknown = result.first(where: { !left.contains($0) && !right.contains($0) }) {
            mistake("'\(unknown)' of the result is in no operand")
        }
        guard left.count == leftShape.count, right.count == rightShape.count else {
            shapeMistake("einsum \"\(equation)\"", leftShape, rightShape)
        }
        var extents: [Character: Int] = [:]
        for (letter, extent) in zip(left + right, leftShape + rightShape) where extents[letter] ?? 1 == 1 {
            extents[letter] = extent
        }
        for (letter, extent) in zip(left + right, leftShape + rightShape)
        where extent != 1 && extent != extents[letter] {
            shapeMistake("einsum \"\(equation)\"", leftShape, rightShape)
        }
        self.left = left
        self.right = right
        self.result = result
        self.extents = extents
        shared = left.filter { right.contains($0) && result.contains($0) }
        inner = left.filter { right.contains($0) && !result.contains($0) }
        leftOnly = left.filter { !right.contains($0) && result.contains($0) }
        rightOnly = right.filter { !left.contains($0) && result.contains($0) }
    }
}
