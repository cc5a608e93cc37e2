import AviaryTensors

/// The swish in three pieces: `x · relu6(x + 3) / 6`.
///
/// At the two corners the slope is that of the outer piece, as in PyTorch 2.13.
///
/// Source: Howard et al. 2019 (MobileNetV3), section 5.2.
public func hardswish(_ x: Variable) -> Variable { x.applying(.hardswish) }
