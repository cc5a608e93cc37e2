public import AviaryTensors

/// The greatest of each window, the first of equals: `[N, C, H, W]` to `[N, C, H', W']`.
///
/// With `E = dilation · (extent - 1) + 1`, an axis of `H` gives `H' = (H + 2 padding - E) / stride + 1` windows,
/// rounded down, or up with `roundsUp`; then the last one still begins inside the image or before it. Equal to
/// PyTorch's `max_pool2d`; NaN is the greatest. A window whose dilation steps over the whole image gives -infinity,
/// and its gradient goes nowhere (PyTorch 2.13 writes it outside the image).
public func maxPool(_ x: Variable, over window: PoolingWindow) -> Variable {
    x.arithmetic("max pooling") { x in
        let (output, trace) = x.tensor.maxPooled(over: .windows(window))
        return x.pass.record(output, from: [x]) { [$0.poolingGradient(trace)] }
    }
}

/// The greatest of each square window: `[N, C, H, W]` to `[N, C, H', W']`.
public func maxPool(_ x: Variable, window: Int, stride: Int? = nil, padding: Int = 0) -> Variable {
    maxPool(x, over: PoolingWindow(window, stride: stride, padding: padding))
}
