import AviaryKernels

/// One step of an optimizer with all its numbers, to be made over a parameter or over some rows of one.
package struct ParameterStep: Sendable {
    private let name: String
    private let kernel: any OptimizerStep

    /// SGD (`Optimizers/SGD.swift` has the rule); the state is the momentum.
    package static func sgd(
        rate: Double, momentum: Double, weightDecay: Double, gradientScale: Double, isNesterov: Bool
    ) -> ParameterStep {
        ParameterStep(
            name: "SGD step",
            kernel: SGDStep(
                rate: rate, momentum: momentum, weightDecay: weightDecay, gradientScale: gradientScale,
                isNesterov: isNesterov))
    }

    /// Adam or AdamW (`Optimizers/Adam.swift` and `AdamW.swift` have the rules); the state is both moments.
    package static func adam(
        stepCount: Int, rate: Double, firstMomentDecay: Double, secondMomentDecay: Double, epsilon: Double,
        epsilonPlace: EpsilonPlace = .correctedRoot, weightDecay: Double, isDecoupled: Bool,
        gradientScale: Double
    ) -> ParameterStep {
        ParameterStep(
            name: "Adam step",
            kernel: AdamStep(
                stepCount: stepCount, rate: rate, firstMomentDecay: firstMomentDecay,
                secondMomentDecay: secondMomentDecay, epsilon: epsilon,
                isEpsilonCorrected: epsilonPlace == .uncorrectedRoot, weightDecay: weightDecay,
                isDecoupled: isDecoupled, gradientScale: gradientScale))
    }

    /// To which root of Adam's second moment ε is added.
    package enum EpsilonPlace: Sendable {
        /// `√v / √(1 - β₂ᵗ) + ε`.
        case correctedRoot
        /// `(√v + ε) / √(1 - β₂ᵗ)`.
        case uncorrectedRoot
    }

    /// Adagrad (`Optimizers/Adagrad.swift` has the rule); the state is the sum of squares.
    package static func adagrad(
        rate: Double, epsilon: Double, weightDecay: Double, gradientScale: Double
    ) -> ParameterStep {
        ParameterStep(
            name: "Adagrad step",
            kernel: AdagradStep(
                rate: rate, epsilon: epsilon, weightDecay: weightDecay, gradientScale: gradientScale))
    }

    /// RMSprop (`Optimizers/RMSprop.swift` has the rule and the order of the state).
    package static func rmsprop(
        rate: Double, smoothing: Double, epsilon: Double, momentum: Double, isCentered: Bool,
        weightDecay: Double, gradientScale: Double
    ) -> ParameterStep {
        ParameterStep(
            name: "RMSprop step",
            kernel: RMSpropStep(
                rate: rate, smoothing: smoothing, epsilon: epsilon, momentum: momentum,
                isCentered: isCentered, weightDecay: weightDecay, gradientScale: gradientScale))
    }

    /// A parameter and its state after the step, as new tensors.
    package func stepped(
        _ parameter: Tensor, gradient: Tensor, state: [Tensor]
    ) -> (value: Tensor, state: [Tensor]) {
        guard gradient.shape == parameter.shape else { shapeMistake(name, parameter.shape, gradient.shape) }
        return switch parameter.dtype {
        case .f32: parameter.stepped(gradient.plain, state, of: Float.self) { kernel.run($0) }
        case .f64: parameter.stepped(gradient.plain, state, of: Double.self) { kernel.runPlain($0) }
        default: dtypeMistake(name, parameter.dtype, supported: [.f32, .f64])
        }
    }

    /// Steps the gradient's rows of a table and of its state where they lie; others are neither read nor written.
    ///
    /// Its cost follows the number of the rows, as long as nobody else has the storage of table or state.
    package func step(_ parameter: inout Tensor, rows gradient: RowGradient, state: inout [Tensor]) {
        guard gradient.shape == parameter.shape else { shapeMistake(name, parameter.shape, gradient.shape) }
        guard !gradient.rows.isEmpty else { return }
        switch parameter.dtype {
        case .f32: parameter.stepRows(gradient, &state, of: Float.self) { kernel.run($0) }
        case .f64: parameter.stepRows(gradient, &state, of: Double.self) { kernel.runPlain($0) }
        default: dtypeMistake(name, parameter.dtype, supported: [.f32, .f64])
        }
    }
}

extension Tensor {
    /// Makes the new value and state, all plain, and lends `body` the arrays to fill.
    fileprivate func stepped<T: TensorElement>(
        _ gradient: Tensor, _ state: [Tensor], of type: T.Type, _ body: (StepArrays<T>) -> Void
    ) -> (value: Tensor, state: [Tensor]) {
        let (parameter, state) = (plain, state.map(\.plain))
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

    /// Lends `body` the storage of table and state to change.
    fileprivate mutating func stepRows<T: TensorElement>(
        _ gradient: RowGradient, _ state: inout [Tensor], of type: T.Type, _ body: (RowArrays<T>) -> Void
    ) {
        let parameter = uniqueAddress(T.self)
        let addresses = state.indices.map { state[$0].uniqueAddress(T.self) }
        gradient.values.read(T.self) { values in
            body(
                RowArrays(
                    width: shape[1], rows: gradient.rows, gradient: values, parameter: parameter,
                    state: addresses))
        }
        withExtendedLifetime((self, state)) {}
    }

    private func address<T: TensorElement>(_ type: T.Type) -> UnsafePointer<T> {
        read(type) { $0 }
    }
}
