import AviaryKernels

extension Tensor {
    /// The elements as another kind.
    ///
    /// Reals are rounded to the nearest, ties to even. A real becomes an integer by cutting off its fraction, and
    /// stops at the integer's ends; NaN becomes 0. An integer that a smaller kind cannot hold keeps its low bits, as
    /// in PyTorch. A truth value is whether the number is not 0.
    public func cast(to target: DType) -> Tensor {
        if target == dtype { return self }
        if let fast = castInLowPrecision(to: target) { return fast }
        if !dtype.isReal, !target.isReal, target != .bool { return truncated(to: target) }
        return plain.converted(dtype.element, target.element)
    }

    /// The same, made once for as long as these bytes are not changed: parameters that a pass lowers, and the next one.
    package func castOnce(to target: DType) -> Tensor {
        guard fillsStorage, target != dtype else { return cast(to: target) }
        let made = storage.made(for: "cast to \(target)") { [cast(to: target).storage] }
        return Tensor(shape: shape, dtype: target, layout: .plain, storage: made[0])
    }

    /// A low-precision tensor in single precision, where operations compute; others as they are.
    package var widened: Tensor { dtype.isLowPrecision ? cast(to: .f32) : self }

    /// The numbers that `precision` (`bf16` or `f16`) can hold nearest to these, still in single precision.
    package func rounded(to precision: DType) -> Tensor {
        guard let form = precision.form else { return self }
        guard dtype == .f32 else { dtypeMistake("round to \(precision)", dtype, supported: [.f32]) }
        return Tensor(shape: shape, layout: layout, of: Float.self) { output in
            read(Float.self) { form.round($0, into: output, count: elementCountInMemory) }
        }
    }

    /// Between f32 and two bytes, in the same layout.
    private func castInLowPrecision(to target: DType) -> Tensor? {
        if dtype == .f32, let form = target.form {
            return Tensor(shape: shape, dtype: target, layout: layout, as: UInt16.self) { output in
                read(Float.self) { form.narrow($0, into: output, count: elementCountInMemory) }
            }
        }
        guard target == .f32, let form = dtype.form else { return nil }
        return Tensor(shape: shape, layout: layout, of: Float.self) { output in
            lend(as: UInt16.self) { form.widen($0, into: output, count: elementCountInMemory) }
        }
    }

    private func truncated(to target: DType) -> Tensor {
        let numbers: [Int64] =
            switch dtype {
            case .int64: values(as: Int64.self)
            case .int32: values(as: Int32.self).map { Int64($0) }
            case .int8: values(as: Int8.self).map { Int64($0) }
            case .uint8: values(as: UInt8.self).map { Int64($0) }
            default: values(as: Bool.self).map { $0 ? 1 : 0 }
            }
        return switch target {
        case .int32: Tensor(numbers.map { Int32(truncatingIfNeeded: $0) }, shape: shape)
        case .int8: Tensor(numbers.map { Int8(truncatingIfNeeded: $0) }, shape: shape)
        case .uint8: Tensor(numbers.map { UInt8(truncatingIfNeeded: $0) }, shape: shape)
        default: Tensor(numbers, shape: shape)
        }
    }

    private func converted<From: TensorElement, To: TensorElement>(
        _ from: From.Type, _ to: To.Type
    ) -> Tensor {
        Tensor(shape: shape, of: To.self) { output in
            read(From.self) { source in
                for i in 0..<count { output[i] = To(nearest: source[i].number) }
            }
        }
    }
}

extension DType {
    /// How the engine's kernels name a real of two bytes.
    fileprivate var form: LowPrecision? {
        switch self {
        case .bf16: .bf16
        case .f16: .f16
        default: nil
        }
    }
}
