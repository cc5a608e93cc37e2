/// The elements along one axis that one output pools: `count` of them, `step` apart, all inside the source.
package struct PoolingSpan: Hashable, Sendable {
    /// Outside the source where `count` is 0.
    package var first: Int
    package var count: Int
    package var step: Int
    /// What a mean divides by for this axis: `count`, or with the padding that the window covers.
    package var divisor: Int
}

extension PoolingSpan {
    /// The windows along an axis of `extent` elements.
    ///
    /// With `roundsUp` a last window may hang over the end, but begins in the source or its padding before. A window
    /// with dilation can step over a small source: its span has no elements.
    ///
    /// - Returns: `nil` where no window fits.
    ///
    /// Source: PyTorch, `aten/src/ATen/native/Pool.h`, `pooling_output_shape`.
    package static func windows(
        along extent: Int, window: Int, stride: Int, padding: Int, dilation: Int, roundsUp: Bool,
        countsPadding: Bool
    ) -> [PoolingSpan]? {
        guard window > 0, stride > 0, padding >= 0, dilation > 0, extent > 0 else { return nil }
        let room = extent + 2 * padding - dilation * (window - 1) - 1 + (roundsUp ? stride - 1 : 0)
        guard padding <= window / 2, room >= 0 else { return nil }
        var count = room / stride + 1
        if roundsUp, (count - 1) * stride >= extent + padding { count -= 1 }
        return (0..<count).map { position in
            let start = position * stride - padding
            let before = max(0, (-start + dilation - 1) / dilation)
            let first = start + before * dilation
            let inside = max(0, min(window - before, (extent - first + dilation - 1) / dilation))
            let covered = min(start + window, extent + padding) - start
            return PoolingSpan(
                first: first, count: inside, step: dilation, divisor: countsPadding ? covered : inside)
        }
    }

    /// `count` bins that cover an axis of `extent` elements: from `⌊i · extent / count⌋` to below
    /// `⌈(i + 1) · extent / count⌉`.
    ///
    /// - Returns: `nil` where there are no elements or no bins.
    ///
    /// Source: PyTorch, `aten/src/ATen/native/AdaptivePooling.h`, `start_index` and `end_index`.
    package static func bins(along extent: Int, count: Int) -> [PoolingSpan]? {
        guard extent > 0, count > 0 else { return nil }
        return (0..<count).map { position in
            let first = position * extent / count
            let inside = ((position + 1) * extent + count - 1) / count - first
            return PoolingSpan(first: first, count: inside, step: 1, divisor: inside)
        }
    }
}
