import AviaryKernels

/// Where each maximum of a pooling stood, as plain offsets.
package struct PoolingPositions: Sendable {
    let positions: Tensor
}

extension Tensor {
    /// The greatest of each window: `[N, C, H, W]` to `[N, C, H', W']`.
    package func maxPooled(window: Int, stride: Int, padding: Int) -> (Tensor, PoolingPositions) {
        let (source, s) = pooled("max pooling", window, stride, padding)
        func pool<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> (Tensor, PoolingPositions) {
            var positions = [Int64](repeating: 0, count: s.destination.extents.product)
            let output = Tensor(shape: s.destination.extents, of: T.self) { output in
                source.read(T.self) {
                    MaxPooling.forward(s, source: $0, destination: output, positions: &positions)
                }
            }
            return (output, PoolingPositions(positions: Tensor(positions, shape: s.destination.extents)))
        }
        return isDouble("max pooling") ? pool(Double.self) : pool(Float.self)
    }

    /// The gradient by the source (this tensor) of a max pooling.
    package func maxPoolingGradient(
        window: Int, stride: Int, padding: Int, positions: PoolingPositions, upstream: Tensor
    ) -> Tensor {
        let (source, s) = pooled("max pooling", window, stride, padding)
        let gradient = upstream.plain
        func scatter<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: shape, of: T.self) { output in
                output.update(repeating: 0, count: source.count)
                gradient.read(T.self) { dy in
                    positions.positions.read(Int64.self) {
                        MaxPooling.backward(s, positions: $0, gradient: dy, sourceGradient: output)
                    }
                }
            }
        }
        return isDouble("max pooling") ? scatter(Double.self) : scatter(Float.self)
    }

    /// The mean of each window, padding counted as zeros.
    package func averagePooled(window: Int, stride: Int, padding: Int) -> Tensor {
        let (source, s) = pooled("average pooling", window, stride, padding)
        func pool<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: s.destination.extents, of: T.self) { output in
                source.read(T.self) { AveragePooling.forward(s, source: $0, destination: output) }
            }
        }
        return isDouble("average pooling") ? pool(Double.self) : pool(Float.self)
    }

    /// The gradient by the source (this tensor) of an average pooling.
    package func averagePoolingGradient(window: Int, stride: Int, padding: Int, upstream: Tensor) -> Tensor {
        let (_, s) = pooled("average pooling", window, stride, padding)
        let gradient = upstream.plain
        func spread<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: shape, of: T.self) { output in
                output.update(repeating: 0, count: count)
                gradient.read(T.self) { AveragePooling.backward(s, gradient: $0, sourceGradient: output) }
            }
        }
        return isDouble("average pooling") ? spread(Double.self) : spread(Float.self)
    }

    /// The mean of each channel: `[N, C, H, W]` to `[N, C]`.
    package var globalAveragePooled: Tensor {
        let s = image("global average pooling")
        func pool<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: [s.batch, s.channels], of: T.self) { output in
                read(T.self) { GlobalAveragePooling.forward(s, source: $0, destination: output) }
            }
        }
        return isDouble("global average pooling") ? pool(Double.self) : pool(Float.self)
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
        return isDouble("global average pooling") ? spread(Double.self) : spread(Float.self)
    }

    private func pooled(
        _ name: String, _ window: Int, _ stride: Int, _ padding: Int
    ) -> (Tensor, PoolingShape) {
        let source = plain
        guard
            let s = PoolingShape(source: source.image(name), window: window, stride: stride, padding: padding)
        else { shapeMistake(name, shape, "at least \(window) rows and columns with the padding") }
        return (source, s)
    }

    private func isDouble(_ name: String) -> Bool {
        guard dtype == .f32 || dtype == .f64 else { dtypeMistake(name, dtype, supported: [.f32, .f64]) }
        return dtype == .f64
    }
}
