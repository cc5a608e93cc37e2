public import AviaryTensors

/// What `backward` found: a gradient for each parameter that took part, and for each input that asked.
public struct Gradients {
    private let bySlot: [Int: Gradient]
    private let byParameter: [ObjectIdentifier: Gradient]

    private init(bySlot: [Int: Gradient], byParameter: [ObjectIdentifier: Gradient]) {
        self.bySlot = bySlot
        self.byParameter = byParameter
    }

    init(bySlot: [Int: Gradient], parameters: [Int: Parameter]) {
        var byParameter: [ObjectIdentifier: Gradient] = [:]
        for (slot, parameter) in parameters { byParameter[ObjectIdentifier(parameter)] = bySlot[slot] }
        self.init(bySlot: bySlot, byParameter: byParameter)
    }

    /// By a parameter; `nil` if it took no part.
    ///
    /// Of a gradient that is rows a whole table is made; `gradient(by:)` gives the rows.
    public subscript(parameter: Parameter) -> Tensor? { gradient(by: parameter)?.tensor }

    /// By an input; `nil` if it did not ask for one or took no part.
    public subscript(input: Variable) -> Tensor? { input.slot.flatMap { bySlot[$0] }?.tensor }

    /// By a parameter, dense or rows, as it was found; `nil` if it took no part.
    public func gradient(by parameter: Parameter) -> Gradient? { byParameter[ObjectIdentifier(parameter)] }

    /// The sum with the gradients of another pass, by parameters; those of inputs are left behind.
    package func adding(_ other: Gradients) -> Gradients {
        Gradients(bySlot: [:], byParameter: byParameter.merging(other.byParameter) { $0.adding($1) })
    }

    /// Every gradient by a parameter times `factor`; those of inputs are left behind.
    package func scaled(by factor: Double) -> Gradients {
        Gradients(
            bySlot: [:], byParameter: byParameter.mapValues { $0.mapped { $0.scaled(by: factor) } })
    }

    /// The gradients of `parameters`, each changed by `transform`; those of inputs are left behind.
    ///
    /// Of a gradient that is rows only those are changed: `transform` has to leave zero as it is.
    package func mapped(over parameters: [Parameter], _ transform: (Tensor) -> Tensor) -> Gradients {
        var changed: [ObjectIdentifier: Gradient] = [:]
        for parameter in parameters {
            changed[ObjectIdentifier(parameter)] = gradient(by: parameter)?.mapped(transform)
        }
        return Gradients(bySlot: [:], byParameter: changed)
    }
}
