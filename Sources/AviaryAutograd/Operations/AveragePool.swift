public import AviaryTensors

/// The mean of each window.
///
/// Equal to PyTorch's `avg_pool2d`, which knows no dilation either; how many windows there are, `maxPool` says.
///
/// - Parameters:
///   - x: `[N, C, H, W]`.
///   - window: Its dilation is 1.
///   - countsPadding: Whether padding counts as zeros (PyTorch's `count_include_pad`) or not at all. What hangs
///     over the padding with `roundsUp` never counts.
/// - Returns: `[N, C, H', W']`.
public func averagePool(_ x: Variable, over window: PoolingWindow, countsPadding: Bool = true) -> Variable {
    guard window.rows.dilation == 1, window.columns.dilation == 1 else {
        fatalError("average pooling: takes a window without dilation, given was \(window)")
    }
    return x.arithmetic("average pooling") { x in
        let (output, trace) = x.tensor.averagePooled(over: .windows(window), countsPadding: countsPadding)
        return x.pass.record(output, from: [x]) { [$0.poolingGradient(trace)] }
    }
}

/// The mean of each square window, padding counted as zeros: `[N, C, H, W]` to `[N, C, H', W']`.
public func averagePool(_ x: Variable, window: Int, stride: Int? = nil, padding: Int = 0) -> Variable {
    averagePool(x, over: PoolingWindow(window, stride: stride, padding: padding))
}
