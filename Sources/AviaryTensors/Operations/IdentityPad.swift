import AviaryKernels

/// What the gradient of an identity shortcut needs beside that of its output.
package struct IdentityPadTrace: Sendable {
    fileprivate let shape: IdentityPadShape
    fileprivate let layout: Layout
}

extension Tensor {
    /// Every `stride`-th pixel, with zero channels on both sides up to `channels`, in the source's layout.
    package func identityPadded(channels: Int, stride: Int) -> (Tensor, IdentityPadTrace) {
        let s = image("identity shortcut")
        guard channels >= s.channels, (channels - s.channels).isMultiple(of: 2) else {
            shapeMistake(
                "identity shortcut", shape, "at most \(channels) channels, and an even number missing")
        }
        let shape = IdentityPadShape(s, channels: channels, stride: stride)
        let output = Tensor(shape: shape.destination.extents, dtype: dtype, layout: layout) { output in
            readBytes {
                IdentityPad.fastForward(
                    shape, elementSize: dtype.byteCount, source: $0, destination: output)
            }
        }
        return (output, IdentityPadTrace(shape: shape, layout: layout.dense))
    }

    /// The gradient by the source of an identity shortcut whose output had this gradient.
    package func identityPadGradient(_ trace: IdentityPadTrace) -> Tensor {
        let gradient = reordered(to: trace.layout)
        return Tensor(shape: trace.shape.source.extents, dtype: dtype, layout: trace.layout) { output in
            gradient.readBytes {
                IdentityPad.fastBackward(
                    trace.shape, elementSize: dtype.byteCount, gradient: $0, sourceGradient: output)
            }
        }
    }
}
