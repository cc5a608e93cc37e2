import AviaryKernels

/// What the gradient of a pooling needs beside that of its output.
package struct PoolingTrace: Sendable {
    fileprivate let regions: PoolingShape
    fileprivate let layout: Layout
    /// Where each maximum stood, as offsets in the source's memory; a mean has none.
    fileprivate let positions: Tensor?
}

extension Tensor {
    /// The greatest of each region: `[N, C, H, W]` to `[N, C, H', W']`, in the source's layout.
    ///
    /// Where a region has no pixel it is -infinity, and the layout plain.
    package func maxPooled(over regions: PoolingRegions) -> (Tensor, PoolingTrace) {
        let (source, s) = pooled("max pooling", regions, countsPadding: false)
        func pool<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> (Tensor, PoolingTrace) {
            let positions = Tensor.unwritten([s.destination.elementCount], dtype: .int64)
            let output = Tensor(shape: s.destination.extents, layout: source.layout, of: T.self) { output in
                source.read(T.self) {
                    MaxPooling.forward(
                        s, source: $0, destination: output,
                        positions: positions.unwritten(as: Int64.self))
                }
            }
            return (output, PoolingTrace(regions: s, layout: source.layout, positions: positions))
        }
        return dtype == .f64 ? pool(Double.self) : pool(Float.self)
    }

    /// The mean of each region: `[N, C, H, W]` to `[N, C, H', W']`, in the source's layout.
    package func averagePooled(over regions: PoolingRegions, countsPadding: Bool) -> (Tensor, PoolingTrace) {
        let (source, s) = pooled("average pooling", regions, countsPadding: countsPadding)
        func pool<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: s.destination.extents, layout: source.layout, of: T.self) { output in
                source.read(T.self) { AveragePooling.forward(s, source: $0, destination: output) }
            }
        }
        let output = dtype == .f64 ? pool(Double.self) : pool(Float.self)
        return (output, PoolingTrace(regions: s, layout: source.layout, positions: nil))
    }

    /// The gradient by the source of a pooling whose output had this gradient, in the source's layout.
    package func poolingGradient(_ trace: PoolingTrace) -> Tensor {
        let (gradient, s) = (reordered(to: trace.layout), trace.regions)
        func spread<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: s.source.extents, layout: trace.layout, of: T.self) { output in
                output.update(repeating: 0, count: s.source.elementCount)
                gradient.read(T.self) { dy in
                    guard let positions = trace.positions else {
                        return AveragePooling.backward(s, gradient: dy, sourceGradient: output)
                    }
                    positions.read(Int64.self) {
                        MaxPooling.backward(s, positions: $0, gradient: dy, sourceGradient: output)
                    }
                }
            }
        }
        return dtype == .f64 ? spread(Double.self) : spread(Float.self)
    }

    /// The images in a layout that the kernels take, and what each output takes together.
    private func pooled(
        _ name: String, _ regions: PoolingRegions, countsPadding: Bool
    ) -> (Tensor, PoolingShape) {
        dtype.require([.f32, .f64], name)
        let image = image(name)
        guard
            let rows = regions.rows(of: image.height, countsPadding: countsPadding),
            let columns = regions.columns(of: image.width, countsPadding: countsPadding)
        else { shapeMistake(name, shape, regions.wanted) }
        let s = PoolingShape(source: image, rows: rows, columns: columns)
        if case .channelBlocks = layout, !s.hasEmptyRegions { return (self, s) }
        return (plain, PoolingShape(source: plain.image(name), rows: rows, columns: columns))
    }
}
