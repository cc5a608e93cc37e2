import AviaryTensors

extension Variable {
    /// Without an axis whose extent is 1; a negative one counts from the back.
    public func squeezed(_ axis: Int) -> Variable {
        let axis = tensor.axis(axis, "squeeze")
        guard shape[axis] == 1 else { shapeMistake("squeeze", shape, "an extent of 1 along axis \(axis)") }
        var after = shape
        after.remove(at: axis)
        return reshaped(after)
    }

    /// With a new axis of extent 1 that becomes number `axis`; a negative one counts from the result's back.
    public func unsqueezed(_ axis: Int) -> Variable {
        let place = axis < 0 ? axis + shape.count + 1 : axis
        guard (0...shape.count).contains(place) else {
            shapeMistake("unsqueeze", shape, "a tensor with room for an axis \(axis)")
        }
        var after = shape
        after.insert(1, at: place)
        return reshaped(after)
    }
}
