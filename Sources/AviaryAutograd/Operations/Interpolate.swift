import AviaryTensors

/// How a resized image gets its pixels.
public enum Interpolation: Sendable {
    /// The pixel whose area the new one's corner lies in, as PyTorch's "nearest".
    case nearest
    /// A weighted mean of the four pixels around the new one's centre.
    case bilinear
}

/// An image of another size: `[N, C, H, W]` to `[N, C, height, width]`.
///
/// Equal to PyTorch's `interpolate` with a size and `align_corners` false.
public func interpolate(_ x: Variable, height: Int, width: Int, by kind: Interpolation) -> Variable {
    guard x.shape.count == 4 else { shapeMistake("interpolate", x.shape, "[N, C, H, W]") }
    let before = x.shape
    guard before[2] > 0, before[3] > 0, height > 0, width > 0 else {
        shapeMistake("interpolate", before, [before[0], before[1], height, width])
    }
    switch kind {
    case .nearest:
        return x.indexSelect(axis: 2, indices: nearest(from: before[2], to: height))
            .indexSelect(axis: 3, indices: nearest(from: before[3], to: width))
    case .bilinear:
        let output = x.tensor.interpolated(axis: 2, to: height).interpolated(axis: 3, to: width)
        return x.pass.record(output, from: [x]) { upstream in
            [
                upstream.interpolationGradient(axis: 3, extent: before[3])
                    .interpolationGradient(axis: 2, extent: before[2])
            ]
        }
    }
}

/// Where each of `count` new elements comes from; in single precision, whose rounding PyTorch's choice has too.
private func nearest(from extent: Int, to count: Int) -> Tensor {
    let scale = Float(extent) / Float(count)
    return Tensor((0..<count).map { Int64(min(Int(Float($0) * scale), extent - 1)) }, shape: [count])
}
