import AviaryTensors

/// The mean of each window, padding counted as zeros: `[N, C, H, W]` to `[N, C, H', W']`.
public func averagePool(_ x: Variable, window: Int, stride: Int? = nil, padding: Int = 0) -> Variable {
    let source = x.tensor
    let stride = stride ?? window
    let output = source.averagePooled(window: window, stride: stride, padding: padding)
    return x.pass.record(output, from: [x]) {
        [source.averagePoolingGradient(window: window, stride: stride, padding: padding, upstream: $0)]
    }
}

/// The mean of each channel: `[N, C, H, W]` to `[N, C]`.
public func globalAveragePool(_ x: Variable) -> Variable {
    let source = x.tensor
    return x.pass.record(source.globalAveragePooled, from: [x]) {
        [source.globalAveragePoolingGradient(upstream: $0)]
    }
}
