import AviaryTensors

extension Variable {
    /// Applies a function of one element to each, computed in double precision and rounded once: for functions that
    /// are no network's daily bread. Those have kernels, see `applying`.
    ///
    /// - Parameters:
    ///   - name: What an error calls the operation.
    ///   - function: The value at `x`.
    ///   - slope: The derivative at `x`; where there is none, what PyTorch takes.
    /// - Returns: The shape of this variable.
    func mapped(
        _ name: String, _ function: @escaping @Sendable (Double) -> Double,
        slope: @escaping @Sendable (Double) -> Double
    ) -> Variable {
        arithmetic(name) { x in
            let source = x.tensor
            let output = source.mapped(name, { Float(function(Double($0))) }, function)
            return x.pass.record(output, from: [x]) { upstream in
                [upstream.multiplying(source.mapped(name, { Float(slope(Double($0))) }, slope))]
            }
        }
    }
}
