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
    fileprivate let filter: ResizeFilter
    fileprivate let old, new: (height: Int, width: Int)
    fileprivate let alignsCorners, antialias: Bool

    /// `nil` for a kind that weighs nothing.
    package init?(
        _ kind: Interpolation, from old: (height: Int, width: Int), to new: (height: Int, width: Int),
        alignsCorners: Bool, antialias: Bool
    ) {
        guard let filter = kind.filter else { return nil }
        self.filter = filter
        (self.old, self.new) = (old, new)
        (self.alignsCorners, self.antialias) = (alignsCorners, antialias)
    }

    /// What the kernels take, with weights in the precision of the pixels.
    ///
    /// PyTorch's kernels round a place once, but for the gradient of its cubic, which is compiled without the fused
    /// instruction: at sides of a thousand pixels that is 5e-5 of the greatest gradient.
    fileprivate func shape<T: BinaryFloatingPoint & Sendable>(
        planes: Int, for direction: Direction, of type: T.Type
    ) -> ResizeShape<T> {
        func taps(_ extent: Int, _ count: Int) -> ResizeTaps<T> {
            guard !antialias else {
                return .antialiased(filter, from: extent, to: count, alignsCorners: alignsCorners)
            }
            return .interpolation(
                filter, from: extent, to: count, alignsCorners: alignsCorners,
                roundsTwice: filter == .cubic && direction == .backward)
        }
        return ResizeShape(
            planes: planes, rows: taps(old.height, new.height), columns: taps(old.width, new.width))
    }

    fileprivate enum Direction { case forward, backward }
}

extension Tensor {
    /// Images of another size: `[N, C, H, W]` to `[N, C, H', W']`.
    package func resampled(by resampling: Resampling) -> Tensor {
        dtype.require([.f32, .f64], "interpolate")
        let (source, planes) = (plain, shape[0] * shape[1])
        let target = [shape[0], shape[1], resampling.new.height, resampling.new.width]
        guard dtype == .f64 else {
            let s = resampling.shape(planes: planes, for: .forward, of: Float.self)
            return Tensor(shape: target, of: Float.self) { output in
                source.read(Float.self) { SeparableResize.forward(s, source: $0, destination: output) }
            }
        }
        let s = resampling.shape(planes: planes, for: .forward, of: Double.self)
        return Tensor(shape: target, of: Double.self) { output in
            source.read(Double.self) { PlainResize.forward(s, source: $0, destination: output) }
        }
    }

    /// The gradient by images whose resampling had this gradient: `[N, C, H', W']` to `[N, C, H, W]`.
    package func resamplingGradient(_ resampling: Resampling) -> Tensor {
        dtype.require([.f32, .f64], "interpolate")
        let (gradient, planes) = (plain, shape[0] * shape[1])
        let target = [shape[0], shape[1], resampling.old.height, resampling.old.width]
        guard dtype == .f64 else {
            let s = resampling.shape(planes: planes, for: .backward, of: Float.self)
            return Tensor(shape: target, of: Float.self) { output in
                output.update(repeating: 0, count: target.product)
                gradient.read(Float.self) {
                    SeparableResize.backward(s, gradient: $0, sourceGradient: output)
                }
            }
        }
        let s = resampling.shape(planes: planes, for: .backward, of: Double.self)
        return Tensor(shape: target, of: Double.self) { output in
            output.update(repeating: 0, count: target.product)
            gradient.read(Double.self) { PlainResize.backward(s, gradient: $0, sourceGradient: output) }
        }
    }
}
