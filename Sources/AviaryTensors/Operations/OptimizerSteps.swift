import AviaryKernels

extension Tensor {
    /// This parameter and its two moments after one step (`Optimizers/Adam.swift` has the rule).
    package func steppedByAdam(
        gradient: Tensor, moments: [Tensor], stepCount: Int, rate: Double, firstMomentDecay: Double,
        secondMomentDecay: Double, epsilon: Double, weightDecay: Double, isDecoupled: Bool,
        gradientScale: Double
    ) -> (value: Tensor, state: [Tensor]) {
        let step = AdamStep(
            stepCount: stepCount, rate: rate, firstMomentDecay: firstMomentDecay,
            secondMomentDecay: secondMomentDecay, epsilon: epsilon, weightDecay: weightDecay,
            isDecoupled: isDecoupled, gradientScale: gradientScale)
        return stepped(step, "Adam step", gradient: gradient, state: moments)
    }

    /// This parameter and its sum of squares after one step (`Optimizers/Adagrad.swift` has the rule).
    package func steppedByAdagrad(
        gradient: Tensor, squareSum: [Tensor], rate: Double, epsilon: Double, weightDecay: Double,
        gradientScale: Double
    ) -> (value: Tensor, state: [Tensor]) {
        let step = AdagradStep(
            rate: rate, epsilon: epsilon, weightDecay: weightDecay, gradientScale: gradientScale)
        return stepped(step, "Adagrad step", gradient: gradient, state: squareSum)
    }

    /// This parameter and its averages after one step (`Optimizers/RMSprop.swift` has rule and order).
    package func steppedByRMSprop(
        gradient: Tensor, averages: [Tensor], rate: Double, smoothing: Double, epsilon: Double,
        momentum: Double, isCentered: Bool, weightDecay: Double, gradientScale: Double
    ) -> (value: Tensor, state: [Tensor]) {
        let step = RMSpropStep(
            rate: rate, smoothing: smoothing, epsilon: epsilon, momentum: momentum, isCentered: isCentered,
            weightDecay: weightDecay, gradientScale: gradientScale)
        return stepped(step, "RMSprop step", gradient: gradient, state: averages)
    }

    /// `self + share · (other - self)`, exact at both ends.
    package func moved(towards other: Tensor, share: Double) -> Tensor {
        guard other.shape == shape else { shapeMistake("moving average", shape, other.shape) }
        guard other.dtype == dtype else {
            dtypeMistake("moving average with \(dtype)", other.dtype, supported: [dtype])
        }
        let (from, to) = (plain, other.plain)
        switch dtype {
        case .f32:
            return Tensor(shape: shape, of: Float.self) { output in
                from.read(Float.self) { a in
                    to.read(Float.self) {
                        MovingAverageStep.run(from: a, to: $0, share: share, into: output, count: count)
                    }
                }
            }
        case .f64:
            return Tensor(shape: shape, of: Double.self) { output in
                from.read(Double.self) { a in
                    to.read(Double.self) {
                        MovingAverageStep.runPlain(from: a, to: $0, share: share, into: output, count: count)
                    }
                }
            }
        default: dtypeMistake("moving average", dtype, supported: [.f32, .f64])
        }
    }

    /// Every element brought into `[-limit, limit]`, in the same layout; NaN stays NaN.
    package func limited(to limit: Double) -> Tensor {
        switch dtype {
        case .f32:
            return Tensor(shape: shape, layout: layout, of: Float.self) { output in
                read(Float.self) {
                    ValueLimit.run($0, limit: limit, into: output, count: elementCountInMemory)
                }
            }
        case .f64:
            return Tensor(shape: shape, layout: layout, of: Double.self) { output in
                read(Double.self) {
                    ValueLimit.runPlain($0, limit: limit, into: output, count: elementCountInMemory)
                }
            }
        default: dtypeMistake("limit", dtype, supported: [.f32, .f64])
        }
    }

    private func stepped(
        _ step: some OptimizerStep, _ name: String, gradient: Tensor, state: [Tensor]
    ) -> (value: Tensor, state: [Tensor]) {
        guard gradient.shape == shape else { shapeMistake(name, shape, gradient.shape) }
        return switch dtype {
        case .f32: made(gradient.plain, state.map(\.plain), of: Float.self) { step.run($0) }
        case .f64: made(gradient.plain, state.map(\.plain), of: Double.self) { step.runPlain($0) }
        default: dtypeMistake(name, dtype, supported: [.f32, .f64])
        }
    }

    /// Makes the new value and state, all plain, and lends `body` the arrays to fill.
    private func made<T: TensorElement>(
        _ gradient: Tensor, _ state: [Tensor], of type: T.Type, _ body: (StepArrays<T>) -> Void
    ) -> (value: Tensor, state: [Tensor]) {
        let parameter = plain
        let newState = state.map { _ in Storage(byteCount: T.dtype.byteCount * count) }
        let value = Tensor(shape: shape, of: T.self) { output in
            // The arrays' owners are held until the body is done with their addresses.
            withExtendedLifetime((parameter, gradient, state)) {
                body(
                    StepArrays(
                        count: count, parameter: parameter.address(T.self),
                        gradient: gradient.address(T.self), state: state.map { $0.address(T.self) },
                        newParameter: output,
                        newState: newState.map { $0.bytes.bindMemory(to: T.self, capacity: count) }))
            }
        }
        let tensors = newState.map { Tensor(shape: shape, dtype: T.dtype, layout: .plain, storage: $0) }
        return (value, tensors)
    }

    private func address<T: TensorElement>(_ type: T.Type) -> UnsafePointer<T> {
        read(type) { $0 }
    }
}
