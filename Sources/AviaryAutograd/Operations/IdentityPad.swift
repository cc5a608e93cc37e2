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
    // Elements only move: two bytes stay as they are.
    x.pass.arithmetic("identity shortcut", on: [x], takes: DType.allCases, native: [.bf16, .f16]) { inputs in
        let (output, trace) = inputs[0].tensor.identityPadded(channels: channels, stride: stride)
        return x.pass.record(output, from: inputs) { [$0.identityPadGradient(trace)] }
    }
}
