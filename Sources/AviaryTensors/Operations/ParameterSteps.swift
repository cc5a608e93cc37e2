import AviaryKernels

/// Steps over several parameters, to be made together: parameters and what is kept beside them change where they lie.
///
/// Storage that another tensor has as well is copied first, so that nobody else sees a number change. Those of f32 are
/// stepped in one pass over memory, on all threads; those of f64, where gradients are checked, one by one.
package struct ParameterSteps {
    private var single = StepList()
    private var double: [() -> Void] = []
    /// Whose elements the steps read.
    private var gradients: [Tensor] = []

    package init() {}

    /// Adds a step by a number for each element.
    ///
    /// Until the steps have run nobody may touch `parameter` or `state`.
    package mutating func append(
        _ step: ParameterStep, over parameter: inout Tensor, gradient: Tensor, state: inout [Tensor]
    ) {
        check(step, parameter, gradient.shape)
        let gradient = gradient.plain
        gradients.append(gradient)
        if parameter.dtype == .f32 {
            single.append(step.kernel, StepArrays(&parameter, gradient, &state, of: Float.self))
        } else {
            let arrays = StepArrays(&parameter, gradient, &state, of: Double.self)
            double.append { step.kernel.runPlain(arrays) }
        }
    }

    /// Adds a step by some rows of a table: the others are stepped with a gradient of 0, or rest.
    ///
    /// Where they rest the cost follows the number of rows. Until the steps have run nobody may touch `parameter` or
    /// `state`.
    package mutating func append(
        _ step: ParameterStep, over parameter: inout Tensor, rows gradient: RowGradient, stepsOthers: Bool,
        state: inout [Tensor]
    ) {
        check(step, parameter, gradient.shape)
        guard stepsOthers || !gradient.rows.isEmpty else { return }
        gradients.append(gradient.values)
        if parameter.dtype == .f32 {
            single.append(step.kernel, RowArrays(&parameter, gradient, stepsOthers, &state, of: Float.self))
        } else {
            let arrays = RowArrays(&parameter, gradient, stepsOthers, &state, of: Double.self)
            double.append { step.kernel.runPlain(arrays) }
        }
    }

    /// Makes the steps.
    package func run() {
        withExtendedLifetime(gradients) {
            single.run()
            for step in double { step() }
        }
    }

    private func check(_ step: ParameterStep, _ parameter: Tensor, _ gradient: [Int]) {
        guard gradient == parameter.shape else { shapeMistake(step.name, parameter.shape, gradient) }
        guard parameter.dtype == .f32 || parameter.dtype == .f64 else {
            dtypeMistake(step.name, parameter.dtype, supported: [.f32, .f64])
        }
    }
}

extension StepArrays where Element: TensorElement {
    fileprivate init(
        _ parameter: inout Tensor, _ gradient: Tensor, _ state: inout [Tensor], of type: Element.Type
    ) {
        self.init(
            count: parameter.count, parameter: parameter.uniqueAddress(type),
            gradient: gradient.read(type) { $0 },
            state: state.indices.map { state[$0].uniqueAddress(type) })
    }
}

extension RowArrays where Element: TensorElement {
    fileprivate init(
        _ table: inout Tensor, _ gradient: RowGradient, _ stepsOthers: Bool, _ state: inout [Tensor],
        of type: Element.Type
    ) {
        self.init(
            rowCount: table.shape[0], width: table.shape[1], rows: gradient.rows,
            gradient: gradient.values.read(type) { $0 }, stepsOthers: stepsOthers,
            parameter: table.uniqueAddress(type), state: state.indices.map { state[$0].uniqueAddress(type) })
    }
}
