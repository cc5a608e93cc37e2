import AviaryTensors

/// The mean of each of `height` by `width` bins: `[N, C, H, W]` to `[N, C, height, width]`.
///
/// Bin `i` of `n` along an axis of `H` reaches from `⌊i · H / n⌋` to below `⌈(i + 1) · H / n⌉`: bins overlap where
/// the extents do not divide, and repeat pixels where there are more of them than pixels. Equal to PyTorch's
/// `adaptive_avg_pool2d`.
public func adaptiveAveragePool(_ x: Variable, height: Int, width: Int) -> Variable {
    x.arithmetic("average pooling") { x in
        let bins = PoolingRegions.bins(height: height, width: width)
        let (output, trace) = x.tensor.averagePooled(over: bins, countsPadding: false)
        return x.pass.record(output, from: [x]) { [$0.poolingGradient(trace)] }
    }
}

/// The greatest of each of `height` by `width` bins, the first of equals: `[N, C, H, W]` to `[N, C, height, width]`.
///
/// The bins are those of `adaptiveAveragePool`. Equal to PyTorch's `adaptive_max_pool2d`.
public func adaptiveMaxPool(_ x: Variable, height: Int, width: Int) -> Variable {
    x.arithmetic("max pooling") { x in
        let (output, trace) = x.tensor.maxPooled(over: .bins(height: height, width: width))
        return x.pass.record(output, from: [x]) { [$0.poolingGradient(trace)] }
    }
}
