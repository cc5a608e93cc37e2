package import AviaryTensors

extension Gradients {
    /// The gradients of `parameters`, each changed by `transform`; those of inputs are left behind.
    package func mapped(over parameters: [Parameter], _ transform: (Tensor) -> Tensor) -> Gradients {
        var tensors: [Int: Tensor] = [:]
        var owners: [Int: Parameter] = [:]
        for (index, parameter) in parameters.enumerated() {
            guard let gradient = self[parameter] else { continue }
            // Slots below zero, which no variable has: asked for an input, these gradients answer `nil`.
            let slot = -1 - index
            tensors[slot] = transform(gradient)
            owners[slot] = parameter
        }
        return Gradients(bySlot: tensors, parameters: owners)
    }
}
