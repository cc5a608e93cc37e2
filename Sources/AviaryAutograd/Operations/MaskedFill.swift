public import AviaryTensors

extension Variable {
    /// `value` where the mask (bool or uint8) is true; the mask is broadcast to this shape, never this to its.
    public func maskedFill(_ mask: Tensor, with value: Double) -> Variable {
        guard broadcastShape(shape, mask.shape) == shape else {
            shapeMistake("masked fill", shape, mask.shape)
        }
        let filling = Tensor.filled([], with: value, dtype: tensor.dtype)
        return pass.record(filling.selected(where: mask, else: tensor), from: [self]) { upstream in
            [Tensor.zeros([], dtype: upstream.dtype).selected(where: mask, else: upstream)]
        }
    }
}
