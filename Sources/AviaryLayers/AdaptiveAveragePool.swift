public import AviaryAutograd

/// The mean of each of so many bins, whatever the image's size; as PyTorch's `AdaptiveAvgPool2d` it has no state.
public struct AdaptiveAveragePool: Layer {
    private let height: Int
    private let width: Int

    /// A layer whose output has this height and width.
    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    /// A layer whose output is square.
    public init(_ extent: Int = 1) {
        self.init(height: extent, width: extent)
    }

    /// `[N, C, H, W]` to `[N, C, height, width]`.
    public func callAsFunction(_ x: Variable) -> Variable {
        adaptiveAveragePool(x, height: height, width: width)
    }
}
