import AviaryKernels

extension Tensor {
    /// Every `stride`-th pixel, with zero channels on both sides up to `channels`.
    package func identityPadded(channels: Int, stride: Int) -> Tensor {
        let (s, d) = identityShapes(channels, stride)
        func pad<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: d.extents, layout: layout, of: T.self) { output in
                output.update(repeating: 0, count: d.elementCount)
                read(T.self) {
                    IdentityPad.forward(from: s, to: d, stride: stride, source: $0, destination: output)
                }
            }
        }
        return dtype == .f64 ? pad(Double.self) : pad(Float.self)
    }

    /// The gradient by the source (this tensor).
    package func identityPadGradient(channels: Int, stride: Int, upstream: Tensor) -> Tensor {
        let (s, d) = identityShapes(channels, stride)
        let gradient = upstream.reordered(to: layout)
        func gather<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: shape, layout: layout, of: T.self) { output in
                output.update(repeating: 0, count: s.elementCount)
                gradient.read(T.self) {
                    IdentityPad.backward(from: s, to: d, stride: stride, gradient: $0, sourceGradient: output)
                }
            }
        }
        return dtype == .f64 ? gather(Double.self) : gather(Float.self)
    }

    private func identityShapes(_ channels: Int, _ stride: Int) -> (ImageShape, ImageShape) {
        let s = image("identity shortcut")
        guard channels >= s.channels, (channels - s.channels).isMultiple(of: 2) else {
            shapeMistake(
                "identity shortcut", shape, "at most \(channels) channels, and an even number missing")
        }
        let d = ImageShape(
            batch: s.batch, channels: channels, height: (s.height - 1) / stride + 1,
            width: (s.width - 1) / stride + 1, channelBlock: s.channelBlock)
        return (s, d)
    }
}
