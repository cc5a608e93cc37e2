extension ByteImage {
    /// The picture at another size, its shape not kept, by bilinear interpolation.
    ///
    /// A smaller one averages over all pixels that each of its own covers (a triangle as wide as they are),
    /// so that thin lines do not vanish.
    ///
    /// Source: Pillow's `resize` with `BILINEAR`, which is PyTorch's `interpolate` with `antialias=True`
    /// (resize.json); differs from them by rounding only.
    public func resized(width newWidth: Int, height newHeight: Int) -> ByteImage {
        guard newWidth > 0, newHeight > 0 else {
            fatalError("ByteImage: cannot resize to \(newWidth) x \(newHeight)")
        }
        if newWidth == width && newHeight == height { return self }
        let wide = stretchedRows(to: newWidth)  // [height, newWidth, channels]
        let rowCount = newWidth * channels
        var result: [UInt8] = []
        result.reserveCapacity(newHeight * rowCount)
        for tap in Tap.taps(from: height, to: newHeight) {
            var row = [Float](repeating: 0, count: rowCount)
            for (offset, weight) in tap.weights.enumerated() {
                let start = (tap.start + offset) * rowCount
                for index in 0..<rowCount { row[index] += weight * wide[start + index] }
            }
            for value in row { result.append(UInt8(min(max(value.rounded(), 0), 255))) }
        }
        return ByteImage(width: newWidth, height: newHeight, channels: channels, bytes: result)
    }

    private func stretchedRows(to newWidth: Int) -> [Float] {
        let taps = Tap.taps(from: width, to: newWidth)
        var wide: [Float] = []
        wide.reserveCapacity(height * newWidth * channels)
        for row in 0..<height {
            for tap in taps {
                let start = (row * width + tap.start) * channels
                for channel in 0..<channels {
                    var sum: Float = 0
                    for (offset, weight) in tap.weights.enumerated() {
                        sum += weight * Float(bytes[start + offset * channels + channel])
                    }
                    wide.append(sum)
                }
            }
        }
        return wide
    }
}

/// Which old pixels one new pixel is made of along one axis.
private struct Tap {
    /// The first old pixel.
    let start: Int
    /// The share of it and of those after it; together 1.
    let weights: [Float]

    static func taps(from oldCount: Int, to newCount: Int) -> [Tap] {
        let scale = Double(oldCount) / Double(newCount)
        let reach = max(scale, 1)
        return (0..<newCount).map { index in
            let centre = (Double(index) + 0.5) * scale
            let start = max(Int(centre - reach + 0.5), 0)
            let end = min(Int(centre + reach + 0.5), oldCount)
            let heights = (start..<end).map { max(0, 1 - abs(Double($0) + 0.5 - centre) / reach) }
            let total = heights.reduce(0, +)
            return Tap(start: start, weights: heights.map { Float($0 / total) })
        }
    }
}
