import AviaryTensors

/// The greatest of each window: `[N, C, H, W]` to `[N, C, H', W']`.
public func maxPool(_ x: Variable, window: Int, stride: Int? = nil, padding: Int = 0) -> Variable {
    let source = x.tensor
    let stride = stride ?? window
    let (output, positions) = source.maxPooled(window: window, stride: stride, padding: padding)
    return x.pass.record(output, from: [x]) { upstream in
        [
            source.maxPoolingGradient(
                window: window, stride: stride, padding: padding, positions: positions, upstream: upstream)
        ]
    }
}
