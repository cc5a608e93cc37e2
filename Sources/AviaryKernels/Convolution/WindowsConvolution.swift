import CAviaryKernels

/// Convolution in bf16 as one matrix product: windows become rows, a few images at a time.
///
/// Channels lie side by side, in images and in weights `[O, kernel, kernel, C]`. oneDNN 2.6 multiplies matrices by tiles
/// (AMX) at 1,300 to 1,600 GFLOP/s where its convolutions with tiles reach 90 by the weights, 160 by the source and 250
/// forward (512 channels, 64 images of 4 × 4, two cores). No result depends on how many images go together but the
/// weights' gradient, whose sums are taken in that order.
///
/// Source: Chellapilla, Puri and Simard 2006, "High Performance Convolutional Neural Networks for Document Processing".
struct WindowsConvolution: ConvolutionImplementation {
    let task: ConvolutionTask

    /// Whether there is a kernel for this task in its layouts.
    static func serves(_ task: ConvolutionTask) -> Bool {
        let shape = task.shape
        return shape.kind == .bf16 && shape.kind.hasProducts && shape.groups == 1 && shape.isChannelsLast
            && shape.source.batch > 0 && area(shape) <= Int(AVIARY_WINDOW_AREA)
            && shape.source.channels.isMultiple(of: 16) && shape.destination.channels.isMultiple(of: 16)
    }

    var form: String {
        let shape = task.shape
        return "rows of \(shape.destination.channels)x\(Self.area(shape))x\(shape.source.channels)"
    }

    var packedByteCount: Int? {
        task.shape.weightCount * (task.direction == .backwardWeights ? 4 : 2)
    }

    /// Bytes of the rows of one round.
    var scratchByteCount: Int {
        guard !Self.isPointwise(task.shape) else { return 0 }
        let rows = Self.imagesAtOnce(task.shape) * Self.pixels(task.shape)
        return rows * Self.rowCount(task.shape) * (task.direction == .backwardData ? 4 : 2)
    }

    /// Plain weights into rows, or a gradient in rows into a plain one.
    func pack(_ from: UnsafeRawPointer, into packed: UnsafeMutableRawPointer) {
        let (outputs, channels) = (Int64(task.shape.destination.channels), Int64(task.shape.source.channels))
        let area = Int64(Self.area(task.shape))
        if task.direction == .backwardWeights {
            aviary_weight_rows(outputs, area, channels, 4, from, packed)
        } else {
            aviary_weight_rows(outputs, channels, area, 2, from, packed)
        }
    }

    func run(
        _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, bias: UnsafePointer<Float>?,
        into output: UnsafeMutableRawPointer, scratch: UnsafeMutableRawBufferPointer
    ) {
        let shape = task.shape
        guard Self.isPointwise(shape) || scratch.count >= scratchByteCount else {
            fatalError("convolution by windows: \(scratchByteCount) bytes of scratch wanted")
        }
        let atOnce = Self.imagesAtOnce(shape)
        for image in stride(from: 0, to: shape.source.batch, by: atOnce) {
            let round = Round(
                shape, images: min(atOnce, shape.source.batch - image), rows: scratch.baseAddress)
            let source = image * shape.source.elementCount / shape.source.batch * 2
            let destination = image * shape.destination.elementCount / shape.destination.batch * 2
            switch task.direction {
            case .forward:
                round.forward(first + source, second, bias, task.ending, into: output + destination)
            case .backwardData: round.backwardData(first + destination, second, into: output + source)
            case .backwardWeights:
                round.backwardWeights(first + source, second + destination, into: output, adds: image > 0)
            }
        }
    }

    /// Some images, and room for their rows.
    private struct Round {
        let shape: ConvolutionShape
        let images: Int
        /// `nil` where a row is a pixel.
        let rows: UnsafeMutableRawPointer?

        init(_ shape: ConvolutionShape, images: Int, rows: UnsafeMutableRawPointer?) {
            (self.shape, self.images) = (shape, images)
            self.rows = isPointwise(shape) ? nil : rows
        }

        func forward(
            _ source: UnsafeRawPointer, _ weights: UnsafeRawPointer, _ bias: UnsafePointer<Float>?,
            _ ending: ConvolutionEnding, into destination: UnsafeMutableRawPointer
        ) {
            var product = ProductShape(
                rows: images * pixels(shape), inner: rowCount(shape), columns: shape.destination.channels,
                isRightTransposed: true, operands: .bf16, output: .bf16)
            (product.adds, product.isRectified) = (ending.adds, ending.isRectified)
            MatrixProduct.multiply(
                product, left: gathered(source), right: weights, bias: bias, output: destination)
        }

        func backwardData(
            _ gradient: UnsafeRawPointer, _ weights: UnsafeRawPointer,
            into sourceGradient: UnsafeMutableRawPointer
        ) {
            let product = ProductShape(
                rows: images * pixels(shape), inner: shape.destination.channels, columns: rowCount(shape),
                operands: .bf16, output: rows == nil ? .bf16 : .f32)
            MatrixProduct.multiply(
                product, left: gradient, right: weights, output: rows ?? sourceGradient)
            guard let rows else { return }
            withWindows {
                aviary_add_windows(
                    $0, rows.assumingMemoryBound(to: Float.self),
                    sourceGradient.assumingMemoryBound(to: UInt16.self))
            }
        }

        func backwardWeights(
            _ source: UnsafeRawPointer, _ gradient: UnsafeRawPointer, into sums: UnsafeMutableRawPointer,
            adds: Bool
        ) {
            var product = ProductShape(
                rows: shape.destination.channels, inner: images * pixels(shape), columns: rowCount(shape),
                isLeftTransposed: true, operands: .bf16)
            product.adds = adds
            MatrixProduct.multiply(product, left: gradient, right: gathered(source), output: sums)
        }

        private func gathered(_ source: UnsafeRawPointer) -> UnsafeRawPointer {
            guard let rows else { return source }
            withWindows {
                aviary_gather_windows(
                    $0, source.assumingMemoryBound(to: UInt16.self),
                    rows.assumingMemoryBound(to: UInt16.self))
            }
            return UnsafeRawPointer(rows)
        }

        private func withWindows(_ body: (UnsafePointer<aviary_windows>) -> Void) {
            var windows = shape.windows(images: images)
            body(&windows)
        }
    }

    /// As many as have 2,048 windows: a product large enough for all threads, of rows that stay in their caches.
    private static func imagesAtOnce(_ shape: ConvolutionShape) -> Int {
        isPointwise(shape)
            ? shape.source.batch : min(shape.source.batch, (2047 + pixels(shape)) / pixels(shape))
    }

    /// Whether a window is one pixel and each has one: a row is where it lies.
    private static func isPointwise(_ shape: ConvolutionShape) -> Bool {
        let pixel = WindowAxis(kernel: 1)
        return shape.rows == pixel && shape.columns == pixel
    }

    private static func pixels(_ shape: ConvolutionShape) -> Int {
        shape.destination.height * shape.destination.width
    }

    private static func area(_ shape: ConvolutionShape) -> Int { shape.rows.kernel * shape.columns.kernel }

    /// Numbers of a row.
    private static func rowCount(_ shape: ConvolutionShape) -> Int { area(shape) * shape.source.channels }
}
