import AviaryTensors

/// The smooth positive part: `log(1 + e^x)`, which is `-log(1 - sigmoid(x))` without its overflow.
public func softplus(_ x: Variable) -> Variable { x.applying(.softplus) }
