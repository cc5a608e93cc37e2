public import AviaryTensors

/// The element of `x` where `condition` holds, else that of `y`: PyTorch's `where`.
///
/// - Parameters:
///   - condition: bool, or uint8 of which 0 is false.
///   - x: Broadcast with the others.
///   - y: Broadcast with the others.
/// - Returns: The shape that all three broadcast to.
public func select(where condition: Tensor, _ x: Variable, _ y: Variable) -> Variable {
    x.arithmetic("where", with: y, takes: DType.allCases) { x, y in
        let (a, b) = (x.shape, y.shape)
        let (xNeeds, yNeeds) = (x.needsGradient, y.needsGradient)
        return x.pass.record(x.tensor.selected(where: condition, else: y.tensor), from: [x, y]) { upstream in
            let zero = Tensor.zeros([], dtype: upstream.dtype)
            return [
                xNeeds ? upstream.selected(where: condition, else: zero).summed(to: a) : nil,
                yNeeds ? zero.selected(where: condition, else: upstream).summed(to: b) : nil,
            ]
        }
    }
}
