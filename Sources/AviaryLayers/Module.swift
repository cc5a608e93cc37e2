public import AviaryAutograd

/// A part of a model: a struct whose stored properties are its parts.
///
/// The path of a parameter is the labels on the way to it, joined by dots; `stateKeys` gives the name that
/// PyTorch uses where Swift's label differs. A key "" adds nothing to the path.
public protocol Module: Sendable {
    /// The names of stored properties in a state dictionary, by their Swift labels.
    static var stateKeys: [String: String] { get }
}

extension Module {
    /// No name differs.
    public static var stateKeys: [String: String] { [:] }
}

/// A module that turns one variable into another.
public protocol Layer: Module {
    /// The output for `x`.
    func callAsFunction(_ x: Variable) -> Variable
}
