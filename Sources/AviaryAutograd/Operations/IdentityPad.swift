import AviaryTensors

/// The parameter-free shortcut of a residual network: every `stride`-th pixel, zero channels on both sides.
///
/// - Parameters:
///   - x: `[N, C, H, W]`.
///   - channels: Those of the result.
///   - stride: The distance between the pixels that stay.
/// - Returns: `[N, channels, ⌈H / stride⌉, ⌈W / stride⌉]`.
///
/// Source: He et al. 2016, section 4.2, option A.
public func identityPad(_ x: Variable, channels: Int, stride: Int) -> Variable {
    x.arithmetic("identity shortcut") { x in
        let source = x.tensor
        return x.pass.record(source.identityPadded(channels: channels, stride: stride), from: [x]) {
            [source.identityPadGradient(channels: channels, stride: stride, upstream: $0)]
        }
    }
}
