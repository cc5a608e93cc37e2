import AviaryKernels

/// The windows of a pooling: how far each reaches, how far they are apart, and what lies around the image.
public struct PoolingWindow: Hashable, Sendable {
    /// The windows along one axis.
    public struct Axis: Hashable, Sendable {
        /// How many elements a window takes.
        public var extent: Int
        /// From one window's start to the next one's.
        public var stride: Int
        /// How far windows may begin before the image and end behind it: at most half of `extent`.
        public var padding: Int
        /// From one element of a window to the next: 1 where they are neighbours.
        public var dilation: Int

        /// Windows of `extent` elements, side by side unless a stride is given.
        public init(_ extent: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1) {
            self.extent = extent
            self.stride = stride ?? extent
            self.padding = padding
            self.dilation = dilation
        }
    }

    /// From top to bottom.
    public var rows: Axis
    /// From left to right.
    public var columns: Axis
    /// Whether elements that are left over get a window too, which hangs over the end (PyTorch's `ceil_mode`).
    public var roundsUp: Bool

    /// Windows that differ along the two axes.
    public init(rows: Axis, columns: Axis, roundsUp: Bool = false) {
        self.rows = rows
        self.columns = columns
        self.roundsUp = roundsUp
    }

    /// Square windows, side by side unless a stride is given.
    public init(
        _ extent: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, roundsUp: Bool = false
    ) {
        let axis = Axis(extent, stride: stride, padding: padding, dilation: dilation)
        self.init(rows: axis, columns: axis, roundsUp: roundsUp)
    }
}

/// What the outputs of a pooling take together.
package enum PoolingRegions: Sendable {
    /// Windows of one size.
    case windows(PoolingWindow)
    /// So many bins over the whole image, as equal as they can be.
    case bins(height: Int, width: Int)

    func rows(of extent: Int, countsPadding: Bool) -> [PoolingSpan]? {
        switch self {
        case .windows(let window):
            window.rows.spans(along: extent, roundsUp: window.roundsUp, countsPadding: countsPadding)
        case .bins(let height, _): PoolingSpan.bins(along: extent, count: height)
        }
    }

    func columns(of extent: Int, countsPadding: Bool) -> [PoolingSpan]? {
        switch self {
        case .windows(let window):
            window.columns.spans(along: extent, roundsUp: window.roundsUp, countsPadding: countsPadding)
        case .bins(_, let width): PoolingSpan.bins(along: extent, count: width)
        }
    }

    /// What would fit, for a message.
    var wanted: String {
        switch self {
        case .windows(let window):
            "images that hold windows of \(window.rows.wanted) by \(window.columns.wanted)"
        case .bins(let height, let width):
            "images of a pixel or more, to be pooled to one or more, not \(height)×\(width)"
        }
    }
}

extension PoolingWindow.Axis {
    fileprivate func spans(along axis: Int, roundsUp: Bool, countsPadding: Bool) -> [PoolingSpan]? {
        PoolingSpan.windows(
            along: axis, window: extent, stride: stride, padding: padding, dilation: dilation,
            roundsUp: roundsUp, countsPadding: countsPadding)
    }

    fileprivate var wanted: String {
        "\(extent) (stride \(stride), padding \(padding) of at most half, dilation \(dilation))"
    }
}
