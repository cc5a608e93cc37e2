import AviaryAutograd
import AviaryTensors

/// What an optimizer keeps beside its parameters: for each the same few tensors, and how often it was stepped.
struct StateTable {
    /// A parameter's row.
    struct Row {
        /// In the order of the table's names.
        var tensors: [Tensor]
        /// Only steps in which the parameter had a gradient count, as in PyTorch.
        var stepCount = 0
    }

    /// As `firstMoment`; the tensors of each row in their order.
    let names: [String]
    /// Whether the rule depends on the number of the step.
    let isCounting: Bool
    var rows: [Row]

    /// Rows whose tensors have the shape and kind of each parameter and are filled with `value`.
    init(_ parameters: [Parameter], names: [String], isCounting: Bool = false, filledWith value: Double = 0) {
        self.names = names
        self.isCounting = isCounting
        rows = parameters.map { parameter in
            let like = parameter.value
            let tensor =
                like.dtype == .f64
                ? Tensor(repeating: value, shape: like.shape)
                : Tensor(repeating: Float(value), shape: like.shape)
            return Row(tensors: names.map { _ in tensor })
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

    /// Steps every parameter that has a gradient: `rule` makes its new value and tensors out of the parameter, the
    /// gradient and its row, which already counts this step.
    mutating func step(
        _ parameters: [Parameter], _ gradients: Gradients,
        _ rule: (Tensor, Tensor, Row) -> (value: Tensor, state: [Tensor])
    ) {
        for (index, parameter) in parameters.enumerated() {
            guard let gradient = gradients[parameter] else { continue }
            rows[index].stepCount += 1
            (parameter.value, rows[index].tensors) = rule(parameter.value, gradient, rows[index])
        }
    }
}
