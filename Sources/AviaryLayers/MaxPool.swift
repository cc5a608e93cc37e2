public import AviaryAutograd
public import AviaryTensors

/// The greatest of each window; as PyTorch's `MaxPool2d` it has no state.
public struct MaxPool: Layer {
    private let window: PoolingWindow

    /// A layer with these windows.
    public init(_ window: PoolingWindow) {
        self.window = window
    }

    /// A layer with square windows, side by side unless a stride is given.
    public init(
        _ extent: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, roundsUp: Bool = false
    ) {
        self.init(
            PoolingWindow(extent, stride: stride, padding: padding, dilation: dilation, roundsUp: roundsUp))
    }

    /// `[N, C, H, W]` to `[N, C, H', W']`.
    public func callAsFunction(_ x: Variable) -> Variable { maxPool(x, over: window) }
}
