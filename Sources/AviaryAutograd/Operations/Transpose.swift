import AviaryTensors

extension Variable {
    /// Rows and columns of a matrix exchanged.
    public var transposed: Variable { permuted([1, 0]) }

    /// Two axes exchanged; negative ones count from the back.
    public func transposed(_ first: Int, _ second: Int) -> Variable {
        var order = Array(shape.indices)
        order.swapAt(tensor.axis(first, "transpose"), tensor.axis(second, "transpose"))
        return permuted(order)
    }
}
