public import AviaryTensors

/// Values that stand in for parameters within one pass, as their averages do in evaluation.
///
/// The parameters' own values are neither read nor changed: a pass beside it, with other substitutes or none, sees
/// nothing of them.
public struct Substitutes: Sendable {
    // The parameter is kept beside its value: while it lives, no other has its identity.
    private let entries: [ObjectIdentifier: (parameter: Parameter, value: Tensor)]

    /// Stands each value in for its parameter; stops the program where the shapes differ.
    public init(_ pairs: [(parameter: Parameter, value: Tensor)]) {
        for (parameter, value) in pairs where parameter.value.shape != value.shape {
            shapeMistake("substitute", parameter.value.shape, value.shape)
        }
        let entries = pairs.map { (ObjectIdentifier($0.parameter), $0) }
        self.entries = Dictionary(entries) { first, _ in first }
    }

    /// What stands in for a parameter; `nil` where its own value holds.
    public subscript(parameter: Parameter) -> Tensor? { entries[ObjectIdentifier(parameter)]?.value }
}
