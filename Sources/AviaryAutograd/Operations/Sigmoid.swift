import AviaryTensors

/// The logistic function: `1 / (1 + e^-x)`.
public func sigmoid(_ x: Variable) -> Variable { x.applying(.sigmoid) }
