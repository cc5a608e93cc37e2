import AviaryTensors

extension Variable {
    /// Each vector along an axis divided by its Euclidean length, or by `epsilon` where it is shorter than that.
    ///
    /// - Parameters:
    ///   - axis: Where the vectors lie; a negative one counts from the back.
    ///   - epsilon: The least divisor: a vector of zeros stays one.
    /// - Returns: The shape of this variable.
    ///
    /// Source: PyTorch's `normalize` with `p = 2`.
    public func l2Normalised(axis: Int = -1, epsilon: Double = 1e-12) -> Variable {
        let name = "l2 normalisation"
        let axis = tensor.axis(axis, name)
        return arithmetic(name) { $0.normalised(name, axis, epsilon) }
    }

    private func normalised(_ name: String, _ axis: Int, _ epsilon: Double) -> Variable {
        var single = shape
        single[axis] = 1
        let along = single
        let lengths = tensor.multiplying(tensor).summed(to: along)
            .mapped(name, { $0.squareRoot() }, { $0.squareRoot() })
        let divisors = lengths.mapped(name, { .maximum($0, Float(epsilon)) }, { .maximum($0, epsilon) })
        // A divisor that does not follow its vector has no slope.
        let follows = lengths.mapped(name, { $0 < Float(epsilon) ? 0 : 1 }, { $0 < epsilon ? 0 : 1 })
        let output = tensor.dividing(divisors)
        return pass.record(output, from: [self]) { upstream in
            let share = upstream.multiplying(output).summed(to: along).multiplying(follows)
            return [upstream.subtracting(output.multiplying(share)).dividing(divisors)]
        }
    }
}
