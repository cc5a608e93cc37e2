import AviaryKernels

/// What the gradient of a global average pooling needs beside that of its output.
package struct GlobalAveragePoolingTrace: Sendable {
    fileprivate let images: ImageShape
    fileprivate let layout: Layout
}

extension Tensor {
    /// The mean of each channel: `[N, C, H, W]` to `[N, C]`, of this tensor's kind.
    package var globalAveragePooled: (Tensor, GlobalAveragePoolingTrace) {
        let s = image("global average pooling")
        let trace = GlobalAveragePoolingTrace(images: s, layout: layout.dense)
        func pool<Element: BitwiseCopyable>(
            _ kernel: (ImageShape, UnsafePointer<Element>, UnsafeMutablePointer<Element>) -> Void
        ) -> Tensor {
            Tensor(shape: [s.batch, s.channels], dtype: dtype, as: Element.self) { output in
                lend(as: Element.self) { kernel(s, $0, output) }
            }
        }
        let means =
            switch dtype {
            case .f32:
                pool { (s, x: UnsafePointer<Float>, y) in
                    GlobalAveragePooling.fastForward(s, source: x, destination: y)
                }
            case .bf16:
                pool { (s, x: UnsafePointer<UInt16>, y) in
                    GlobalAveragePooling.fastForward(s, source: x, destination: y)
                }
            case .f64:
                pool { (s, x: UnsafePointer<Double>, y) in
                    GlobalAveragePooling.plainForward(s, source: x, destination: y)
                }
            default: dtypeMistake("global average pooling", dtype, supported: [.f32, .f64, .bf16])
            }
        return (means, trace)
    }

    /// The gradient by the source of a global average pooling whose output had this gradient, in the source's layout.
    package func globalAveragePoolingGradient(_ trace: GlobalAveragePoolingTrace) -> Tensor {
        let (s, gradient) = (trace.images, plain)
        func spread<Element: BitwiseCopyable>(
            _ kernel: (ImageShape, UnsafePointer<Element>, UnsafeMutablePointer<Element>) -> Void
        ) -> Tensor {
            Tensor(shape: s.extents, dtype: dtype, layout: trace.layout, as: Element.self) { output in
                gradient.lend(as: Element.self) { kernel(s, $0, output) }
            }
        }
        return switch dtype {
        case .f32:
            spread { (s, dy: UnsafePointer<Float>, dx) in
                GlobalAveragePooling.fastBackward(s, gradient: dy, sourceGradient: dx)
            }
        case .bf16:
            spread { (s, dy: UnsafePointer<UInt16>, dx) in
                GlobalAveragePooling.fastBackward(s, gradient: dy, sourceGradient: dx)
            }
        case .f64:
            spread { (s, dy: UnsafePointer<Double>, dx) in
                dx.update(repeating: 0, count: s.elementCount)
                GlobalAveragePooling.plainBackward(s, gradient: dy, sourceGradient: dx)
            }
        default: dtypeMistake("global average pooling", dtype, supported: [.f32, .f64, .bf16])
        }
    }
}
