import AviaryAutograd
import AviaryTensors

/// What an optimizer changes and what it keeps beside: for each parameter the same few tensors, and how often it was
/// stepped.
struct StateTable {
    /// What a rule is told of the one step over one parameter that it is to make.
    struct Turn {
        /// The parameter's steps, this one included: only those in which it had a gradient, as in PyTorch.
        let stepCount: Int
        /// The learning rate of its group.
        let rate: Double
        /// The weight decay of its group.
        let weightDecay: Double
        /// Whether only some rows take the step.
        let isSparse: Bool
    }

    private struct Row {
        let parameter: Parameter
        let rateFactor: Double
        let weightDecay: Double?
        var tensors: [Tensor]
        var stepCount = 0
    }

    /// All parameters, group behind group.
    let parameters: [Parameter]
    /// As `firstMoment`; the tensors of each row in their order.
    private let names: [String]
    /// Whether the rule depends on the number of the step.
    private let isCounting: Bool
    private var rows: [Row] = []

    /// Rows whose tensors have the shape and kind of each parameter and are filled with `value`.
    init(_ groups: [ParameterGroup], names: [String], isCounting: Bool = false, filledWith value: Double = 0)
    {
        parameters = groups.checkedParameters()
        self.names = names
        self.isCounting = isCounting
        for group in groups {
            rows += group.parameters.map { parameter in
                let like = parameter.value
                let tensor =
                    like.dtype == .f64
                    ? Tensor(repeating: value, shape: like.shape)
                    : Tensor(repeating: Float(value), shape: like.shape)
                return Row(
                    parameter: parameter, rateFactor: group.rateFactor, weightDecay: group.weightDecay,
                    tensors: names.map { _ in tensor })
            }
        }
    }

    /// Every tensor by its name and its parameter's number.
    var named: [String: Tensor] {
        var named: [String: Tensor] = [:]
        for (index, row) in rows.enumerated() {
            for (name, tensor) in zip(names, row.tensors) { named["\(name).\(index)"] = tensor }
            if isCounting { named["stepCount.\(index)"] = Tensor(Int64(row.stepCount)) }
        }
        return named
    }

    /// Takes over a state of the same keys, shapes and kinds, or throws.
    mutating func restore(_ state: [String: Tensor]) throws(OptimizerStateError) {
        try OptimizerStateError.check(state, against: named)
        for index in rows.indices {
            rows[index].tensors = names.compactMap { state["\($0).\(index)"] }
            if isCounting, let count = state["stepCount.\(index)"] {
                rows[index].stepCount = Int(count.values(as: Int64.self)[0])
            }
        }
    }

    /// Steps every parameter that has a gradient by what `rule` makes of its turn: all of them in one pass over memory,
    /// parameters and state where they lie.
    mutating func step(
        _ gradients: Gradients, rate: Double, weightDecay: Double, _ rule: (Turn) -> ParameterStep
    ) {
        let found = parameters.indices.compactMap { index in
            gradients.gradient(by: parameters[index]).map { (index: index, gradient: $0) }
        }
        var steps = ParameterSteps()
        Parameter.change(
            found.map { parameters[$0.index] },
            open: { number, value in
                let (index, gradient) = found[number]
                rows[index].stepCount += 1
                let step = rule(
                    Turn(
                        stepCount: rows[index].stepCount, rate: rate * rows[index].rateFactor,
                        weightDecay: rows[index].weightDecay ?? weightDecay, isSparse: gradient.isSparse))
                steps.append(step, over: &value, gradient, state: &rows[index].tensors)
            }, body: { steps.run() })
    }
}

extension ParameterSteps {
    fileprivate mutating func append(
        _ step: ParameterStep, over parameter: inout Tensor, _ gradient: Gradient, state: inout [Tensor]
    ) {
        switch gradient {
        case .dense(let tensor): append(step, over: &parameter, gradient: tensor, state: &state)
        case .zeros(let some): append(step, over: &parameter, rows: some, stepsOthers: true, state: &state)
        case .rows(let some): append(step, over: &parameter, rows: some, stepsOthers: false, state: &state)
        }
    }
}

extension Gradient {
    fileprivate var isSparse: Bool {
        if case .rows = self { true } else { false }
    }
}
