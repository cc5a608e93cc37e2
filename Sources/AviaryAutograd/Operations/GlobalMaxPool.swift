/// The greatest of each channel: `[N, C, H, W]` to `[N, C]`.
public func globalMaxPool(_ x: Variable) -> Variable {
    adaptiveMaxPool(x, height: 1, width: 1).reshaped(Array(x.shape.prefix(2)))
}
