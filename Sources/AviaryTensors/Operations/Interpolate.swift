import AviaryKernels

/// How a resized image gets its pixels.
public enum Interpolation: Sendable, CaseIterable {
    /// The pixel whose area the new one's corner lies in, as PyTorch's "nearest".
    case nearest
    /// The pixel whose area the new one's centre lies in, as PyTorch's "nearest-exact".
    case nearestExact
    /// A weighted mean of the four pixels around the new one's centre.
    case bilinear
    /// A weighted sum of the sixteen pixels around the new one's centre.
    case bicubic

    fileprivate var filter: ResizeFilter? {
        switch self {
        case .nearest, .nearestExact: nil
        case .bilinear: .linear
        case .bicubic: .cubic
        }
    }
}

/// From which pixels, with which weights, images of one size become such of another.
package struct Resampling: Sendable {
    fileprivate let rows: ResizeTaps
    fileprivate let columns: ResizeTaps

    /// `nil` for a kind that weighs nothing.
    package init?(
        _ kind: Interpolation, from old: (height: Int, width: Int), to new: (height: Int, width: Int),
        alignsCorners: Bool, antialias: Bool
    ) {
        guard let filter = kind.filter else { return nil }
        func taps(_ extent: Int, _ count: Int) -> ResizeTaps {
            antialias
                ? .antialiased(filter, from: extent, to: count)
                : .interpolation(filter, from: extent, to: count, alignsCorners: alignsCorners)
        }
        rows = taps(old.height, new.height)
        columns = taps(old.width, new.width)
    }
}

extension Tensor {
    /// Images of another size: `[N, C, H, W]` to `[N, C, H', W']`.
    package func resampled(by resampling: Resampling) -> Tensor {
        let (source, s) = resized(resampling)
        let target = [shape[0], shape[1], s.rows.count, s.columns.count]
        guard dtype == .f64 else {
            return Tensor(shape: target, of: Float.self) { output in
                source.read(Float.self) { SeparableResize.forward(s, source: $0, destination: output) }
            }
        }
        return Tensor(shape: target, of: Double.self) { output in
            source.read(Double.self) { PlainResize.forward(s, source: $0, destination: output) }
        }
    }

    /// The gradient by images whose resampling had this gradient: `[N, C, H', W']` to `[N, C, H, W]`.
    package func resamplingGradient(_ resampling: Resampling) -> Tensor {
        let (gradient, s) = resized(resampling)
        let target = [shape[0], shape[1], s.rows.extent, s.columns.extent]
        guard dtype == .f64 else {
            return Tensor(shape: target, of: Float.self) { output in
                output.update(repeating: 0, count: target.product)
                gradient.read(Float.self) {
                    SeparableResize.backward(s, gradient: $0, sourceGradient: output)
                }
            }
        }
        return Tensor(shape: target, of: Double.self) { output in
            output.update(repeating: 0, count: target.product)
            gradient.read(Double.self) { PlainResize.backward(s, gradient: $0, sourceGradient: output) }
        }
    }

    private func resized(_ resampling: Resampling) -> (Tensor, ResizeShape) {
        dtype.require([.f32, .f64], "interpolate")
        let planes = shape[0] * shape[1]
        return (plain, ResizeShape(planes: planes, rows: resampling.rows, columns: resampling.columns))
    }
}
