import AviaryTensors

/// The sigmoid linear unit, also called swish: `x / (1 + e^-x)`.
///
/// Source: Hendrycks and Gimpel 2016; Ramachandran et al. 2017.
public func silu(_ x: Variable) -> Variable { x.applying(.silu) }
