public import AviaryTensors

/// Images of another size.
///
/// Equal to PyTorch's `interpolate` with a size, and with `antialias` to torchvision's `resize`. One exception: where
/// an antialiased image becomes one column wide and another height, PyTorch 2.13 gives every row the value of the
/// first (its backward, its images with channels last and those of bytes have each row its own); here each has its own.
///
/// - Parameters:
///   - x: `[N, C, H, W]`.
///   - height: Rows of the result.
///   - width: Columns of the result.
///   - kind: How a new pixel comes from old ones.
///   - alignsCorners: Whether the outer pixels' centres stay where they are; else the image's edges do. With
///     `antialias` it changes the scale, to `(old - 1) / (new - 1)`, and not where the centres are counted from.
///   - antialias: Whether, where the image shrinks, all pixels that a new one covers take part. Neither this nor
///     `alignsCorners` goes with the nearest pixel.
/// - Returns: `[N, C, height, width]`.
public func interpolate(
    _ x: Variable, height: Int, width: Int, by kind: Interpolation, alignsCorners: Bool = false,
    antialias: Bool = false
) -> Variable {
    guard x.shape.count == 4 else { shapeMistake("interpolate", x.shape, "[N, C, H, W]") }
    let old = (height: x.shape[2], width: x.shape[3])
    guard old.height > 0, old.width > 0, height > 0, width > 0 else {
        shapeMistake("interpolate", x.shape, [x.shape[0], x.shape[1], height, width])
    }
    let resampling = Resampling(
        kind, from: old, to: (height, width), alignsCorners: alignsCorners, antialias: antialias)
    guard let resampling else {
        guard !alignsCorners, !antialias else {
            fatalError("interpolate: \(kind) takes neither aligned corners nor antialiasing")
        }
        let offset: Float = kind == .nearestExact ? 0.5 : 0
        // In one frame, so that a gradient of two bytes is rounded once for both axes.
        return x.arithmetic("interpolate", takes: DType.allCases) { x in
            x.indexSelect(axis: 2, indices: nearest(from: old.height, to: height, offset))
                .indexSelect(axis: 3, indices: nearest(from: old.width, to: width, offset))
        }
    }
    return x.arithmetic("interpolate") { x in
        x.pass.record(x.tensor.resampled(by: resampling), from: [x]) { [$0.resamplingGradient(resampling)] }
    }
}

/// Where each of `count` new elements comes from; in single precision, whose rounding PyTorch's choice has too.
private func nearest(from extent: Int, to count: Int, _ offset: Float) -> Tensor {
    let scale = Float(extent) / Float(count)
    let places = (0..<count).map { Int64(min(Int((Float($0) + offset) * scale), extent - 1)) }
    return Tensor(places, shape: [count])
}
