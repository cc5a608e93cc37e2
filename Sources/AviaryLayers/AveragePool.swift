public import AviaryAutograd
public import AviaryTensors

/// The mean of each window; as PyTorch's `AvgPool2d` it has no state.
public struct AveragePool: Layer {
    private let window: PoolingWindow
    private let countsPadding: Bool

    /// A layer with these windows; `countsPadding` says whether padding counts as zeros or not at all.
    public init(_ window: PoolingWindow, countsPadding: Bool = true) {
        self.window = window
        self.countsPadding = countsPadding
    }

    /// A layer with square windows, side by side unless a stride is given.
    public init(
        _ extent: Int, stride: Int? = nil, padding: Int = 0, roundsUp: Bool = false,
        countsPadding: Bool = true
    ) {
        self.init(
            PoolingWindow(extent, stride: stride, padding: padding, roundsUp: roundsUp),
            countsPadding: countsPadding)
    }

    /// `[N, C, H, W]` to `[N, C, H', W']`.
    public func callAsFunction(_ x: Variable) -> Variable {
        averagePool(x, over: window, countsPadding: countsPadding)
    }
}
