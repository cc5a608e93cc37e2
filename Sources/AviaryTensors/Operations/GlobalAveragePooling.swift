import AviaryKernels

extension Tensor {
    /// The mean of each channel: `[N, C, H, W]` to `[N, C]`.
    package var globalAveragePooled: Tensor {
        requireReal("global average pooling")
        let s = image("global average pooling")
        func pool<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: [s.batch, s.channels], of: T.self) { output in
                read(T.self) { GlobalAveragePooling.forward(s, source: $0, destination: output) }
            }
        }
        return dtype == .f64 ? pool(Double.self) : pool(Float.self)
    }

    /// The gradient by the source (this tensor) of a global average pooling, in the source's layout.
    package func globalAveragePoolingGradient(upstream: Tensor) -> Tensor {
        let s = image("global average pooling")
        func spread<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: shape, layout: layout, of: T.self) { output in
                output.update(repeating: 0, count: elementCountInMemory)
                upstream.read(T.self) {
                    GlobalAveragePooling.backward(s, gradient: $0, sourceGradient: output)
                }
            }
        }
        return dtype == .f64 ? spread(Double.self) : spread(Float.self)
    }
}
