import AviaryTensors

/// The positive part, at most 6: `min(max(0, x), 6)`.
///
/// Source: Howard et al. 2017 (MobileNets).
public func relu6(_ x: Variable) -> Variable { x.applying(.relu6) }
