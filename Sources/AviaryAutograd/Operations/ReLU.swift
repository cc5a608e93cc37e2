import AviaryTensors

/// The positive part: `max(0, x)`.
public func relu(_ x: Variable) -> Variable { x.applying(.relu) }
