public import AviaryTensors

extension Pass {
    /// Runs an operation in the precision that the pass and the inputs ask for.
    ///
    /// Where `native` holds the kind in which the operation works, `body` is given inputs of two bytes as they are, and
    /// what the policy lowers already rounded. Else it is given every real input in `f32` or `f64`: numbers of two bytes
    /// are then a form of storage. Its output is of the working kind, rounded once, at the border, and so are the
    /// gradients of inputs of two bytes. What `autocast` rounds on the way in keeps a gradient in `f32`: master weights
    /// are not rounded.
    ///
    /// - Parameters:
    ///   - name: What the policy's lists and messages call the operation.
    ///   - inputs: Its operands; those that hold integers or masks are passed on as they are.
    ///   - kinds: What operands may be, before any is widened; another stops the program.
    ///   - isLikeFirst: Whether the output is of the first input's kind, whatever the others are: norms, whose scale
    ///     and shift are kept in `f32`.
    ///   - native: Kinds of two bytes that `body` computes with itself, in products of `f32` or better.
    ///   - body: The operation on as many variables. No policy holds in it.
    /// - Returns: The body's output, of the kind in which the operation works.
    public func arithmetic(
        _ name: String, on inputs: [Variable], takes kinds: [DType] = DType.reals, isLikeFirst: Bool = false,
        native: Set<DType> = [], _ body: ([Variable]) -> Variable
    ) -> Variable {
        for input in inputs { input.dtype.require(kinds, name) }
        guard let profile else { return computed(name, inputs, isLikeFirst, native, body) }
        return profile.operation(name, on: inputs) { computed(name, inputs, isLikeFirst, native, body) }
    }

    private func computed(
        _ name: String, _ inputs: [Variable], _ isLikeFirst: Bool, _ native: Set<DType>,
        _ body: ([Variable]) -> Variable
    ) -> Variable {
        let kinds = inputs.map(\.dtype).filter(\.isReal)
        guard let first = kinds.first else { return body(inputs) }
        let widest = kinds.reduce(first, DType.promoted)
        let asked = widest == .f64 ? nil : autocast?.dtype(for: name)
        if native.contains(asked ?? (isLikeFirst ? first : widest)) {
            return withoutAutocast {
                body(asked.map { kind in inputs.map { $0.lowered(to: kind) } } ?? inputs)
            }
        }
        let work = asked ?? widest
        let isUniform = kinds.allSatisfy { $0 == work }
        if isUniform, !work.isLowPrecision { return withoutAutocast { body(inputs) } }
        let wide: DType = work == .f64 ? .f64 : .f32
        let operands = inputs.map { input in
            guard input.dtype.isReal else { return input }
            return input.cast(to: wide).rounded(to: asked ?? wide)
        }
        let output = withoutAutocast { body(operands) }
        guard output.dtype.isReal else { return output }
        return output.cast(to: isLikeFirst && asked == nil ? first : work)
    }
}

extension Variable {
    /// An operation on this variable alone, in the precision that the pass asks for.
    func arithmetic(
        _ name: String, takes kinds: [DType] = DType.reals, native: Set<DType> = [],
        _ body: (Variable) -> Variable
    ) -> Variable {
        pass.arithmetic(name, on: [self], takes: kinds, native: native) { body($0[0]) }
    }

    /// An operation on two variables, in the precision that the pass and both ask for.
    func arithmetic(
        _ name: String, with other: Variable, takes kinds: [DType] = DType.reals, native: Set<DType> = [],
        _ body: (Variable, Variable) -> Variable
    ) -> Variable {
        pass.arithmetic(name, on: [self, other], takes: kinds, native: native) { body($0[0], $0[1]) }
    }

    /// The elements as another kind; the gradient comes back in this one.
    ///
    /// Only between reals has it a gradient.
    public func cast(to dtype: DType) -> Variable {
        let own = self.dtype
        guard dtype != own else { return self }
        guard own.isReal, dtype.isReal else { return pass.input(tensor.cast(to: dtype)) }
        return pass.record(tensor.cast(to: dtype), from: [self]) { [$0.cast(to: own)] }
    }

    /// The elements as a kind of two bytes; the gradient stays in this variable's own kind, unrounded.
    fileprivate func lowered(to kind: DType) -> Variable {
        let own = dtype
        guard own.isReal, own != kind else { return self }
        let lowered = tensor.castOnce(to: kind)
        guard needsGradient else { return pass.input(lowered) }
        return pass.recordSparse(lowered, from: [self], gradientKind: own) { [.dense($0)] }
    }

    /// The nearest numbers that `precision` can hold, still in `f32`; the gradient passes as it is.
    func rounded(to precision: DType) -> Variable {
        guard precision.isLowPrecision, dtype == .f32 else { return self }
        return pass.record(tensor.rounded(to: precision), from: [self]) { [$0] }
    }
}
