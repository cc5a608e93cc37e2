import AviaryKernels

extension Tensor {
    /// `[N, C, H, W]` convolved with `[O, C / groups, kernel, kernel]`, plus a bias `[O]`: `[N, O, H', W']`.
    ///
    /// Images and weights are of one kind: `f32`, `f64`, or `bf16` where the processor multiplies it. Channels come in
    /// blocks where that is faster. What is `adding` has the output's shape; with `isRectified` the positive part of it
    /// all is taken. With `keepsWeights` kernels may make more of them than pays for one pass.
    package func convolved(
        with weights: Tensor, bias: Tensor? = nil, _ geometry: ConvolutionGeometry, adding: Tensor? = nil,
        isRectified: Bool = false, keepsWeights: Bool = false
    ) -> Tensor {
        guard dtype == .f32 || dtype == .f64 || DType.withProducts.contains(dtype) else {
            dtypeMistake("convolution", dtype, supported: [.f32, .f64] + DType.withProducts)
        }
        let ending = ConvolutionEnding(
            hasBias: bias != nil, adds: adding != nil, isRectified: isRectified)
        let shape = prepared(self.shape, weights.shape, geometry, dtype, for: .forward, ending)
        let extents = shape.destination.extents
        if let bias, bias.shape != [extents[1]] {
            shapeMistake("convolution with a bias", weights.shape, bias.shape)
        }
        if let adding, adding.shape != extents { shapeMistake("convolution and sum", extents, adding.shape) }
        guard shape.source.batch > 0 else { return .zeros(extents, dtype: dtype) }
        let source = reordered(to: shape.source.layout)
        if dtype == .f64 {
            let output = Tensor(shape: extents, of: Double.self) { output in
                Tensor.read(source, weights.plain, bias, Double.self) {
                    PlainConvolution.forward(shape, source: $0, weights: $1, bias: $2, destination: output)
                }
            }
            let sum = adding.map { output.adding($0) } ?? output
            return isRectified ? sum.applying(.relu) : sum
        }
        let kernel = ConvolutionKernel.fastest(
            for: ConvolutionTask(shape, .forward, ending, keepsWeights: keepsWeights))
        let (bias, adding) = (bias?.cast(to: .f32), adding?.reordered(to: shape.destination.layout))
        return Tensor(shape: extents, dtype: dtype, layout: shape.destination.layout) { output in
            adding?.readBytes {
                output.copyMemory(from: $0, byteCount: shape.destination.elementCount * dtype.byteCount)
            }
            source.readBytes { source in
                weights.readPacked(for: kernel) { weights in
                    let scratch = Storage(byteCount: kernel.scratchByteCount)
                    guard let bias else {
                        return kernel.run(source, weights, into: output, scratch: scratch.buffer)
                    }
                    bias.read(Float.self) {
                        kernel.run(source, weights, bias: $0, into: output, scratch: scratch.buffer)
                    }
                }
            }
        }
    }

    /// The gradient by a source of shape `source`, from that of the destination (this tensor).
    package func convolutionSourceGradient(
        source: [Int], weights: Tensor, _ geometry: ConvolutionGeometry
    ) -> Tensor {
        let shape = prepared(source, weights.shape, geometry, dtype, for: .backwardData)
        guard shape.source.batch > 0 else { return .zeros(source, dtype: dtype) }
        let gradient = reordered(to: shape.destination.layout)
        if dtype == .f64 {
            return Tensor(shape: source, of: Double.self) { output in
                output.update(repeating: 0, count: source.product)
                Tensor.read(gradient, weights.plain, nil, Double.self) { dy, w, _ in
                    PlainConvolution.backwardData(
                        shape, destinationGradient: dy, weights: w, sourceGradient: output)
                }
            }
        }
        let kernel = ConvolutionKernel.fastest(for: ConvolutionTask(shape, .backwardData))
        return Tensor(shape: source, dtype: dtype, layout: shape.source.layout) { output in
            gradient.readBytes { gradient in
                let scratch = Storage(byteCount: kernel.scratchByteCount)
                weights.readPacked(for: kernel) {
                    kernel.run(gradient, $0, into: output, scratch: scratch.buffer)
                }
            }
        }
    }

    /// The gradient by weights of shape `weights`, from the source and that of the destination (this tensor).
    ///
    /// It is `f32` where both are `bf16`.
    package func convolutionWeightGradient(
        source: Tensor, weights: [Int], _ geometry: ConvolutionGeometry
    ) -> Tensor {
        let shape = prepared(source.shape, weights, geometry, dtype, for: .backwardWeights)
        guard shape.source.batch > 0 else {
            return .zeros(weights, dtype: dtype.isLowPrecision ? .f32 : dtype)
        }
        let source = source.reordered(to: shape.source.layout)
        let gradient = reordered(to: shape.destination.layout)
        if dtype == .f64 {
            return Tensor(shape: weights, of: Double.self) { output in
                output.update(repeating: 0, count: weights.product)
                Tensor.read(source, gradient, nil, Double.self) { x, dy, _ in
                    PlainConvolution.backwardWeights(
                        shape, source: x, destinationGradient: dy, weightGradient: output)
                }
            }
        }
        let kernel = ConvolutionKernel.fastest(for: ConvolutionTask(shape, .backwardWeights))
        return Tensor(shape: weights, dtype: .f32) { output in
            source.readBytes { source in
                gradient.readBytes { gradient in
                    let scratch = Storage(byteCount: kernel.scratchByteCount)
                    guard let size = kernel.packedByteCount else {
                        return kernel.run(source, gradient, into: output, scratch: scratch.buffer)
                    }
                    let packed = Storage(byteCount: size)
                    kernel.run(source, gradient, into: packed.bytes, scratch: scratch.buffer)
                    Reorders.note()
                    kernel.pack(packed.bytes, into: output)
                }
            }
        }
    }

    /// Lends these weights in the form that a kernel takes, which is kept for the next one who asks.
    private func readPacked(for kernel: ConvolutionKernel, _ body: (UnsafeRawPointer) -> Void) {
        let plain = plain
        plain.readBytes { bytes in
            guard let size = kernel.packedByteCount else { return body(bytes) }
            func pack() -> Storage {
                let packed = Storage(byteCount: size)
                Reorders.note()
                kernel.pack(bytes, into: packed.bytes)
                return packed
            }
            let packed =
                plain.fillsStorage ? plain.storage.made(for: "form \(kernel.form)") { [pack()] }[0] : pack()
            withExtendedLifetime(packed) { body(packed.bytes) }
        }
    }

    /// The sum of each channel: `[N, C, H, W]` to `[C]`, the gradient by a bias; that of bf16 stays in f32.
    package var channelSums: Tensor {
        let image = image("channel sums")
        let result: DType = dtype == .f64 ? .f64 : .f32
        guard image.batch > 0 else { return .zeros([image.channels], dtype: result) }
        func sums<Element: BitwiseCopyable, Sum: TensorElement>(
            _ kernel: (UnsafePointer<Element>, UnsafeMutablePointer<Sum>) -> Void
        ) -> Tensor {
            Tensor(shape: [image.channels], of: Sum.self) { output in
                lend(as: Element.self) { kernel($0, output) }
            }
        }
        return switch dtype {
        case .f64:
            sums { (x: UnsafePointer<Double>, sums: UnsafeMutablePointer<Double>) in
                ChannelSums.plain(image, source: x, sums: sums)
            }
        case .f32:
            sums { (x: UnsafePointer<Float>, sums) in ChannelSums.fast(image, source: x, sums: sums) }
        case .bf16:
            sums { (x: UnsafePointer<UInt16>, sums) in ChannelSums.fast(image, source: x, sums: sums) }
        default: dtypeMistake("channel sums", dtype, supported: [.f32, .f64, .bf16])
        }
    }

    /// Lends two tensors in their own layouts, and a third one if there is one.
    private static func read<T: TensorElement>(
        _ first: Tensor, _ second: Tensor, _ third: Tensor?, _ type: T.Type,
        _ body: (UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>?) -> Void
    ) {
        first.read(T.self) { a in
            second.read(T.self) { b in
                guard let third else { return body(a, b, nil) }
                third.read(T.self) { body(a, b, $0) }
            }
        }
    }
}

/// The extents of a convolution and the layouts in which it is computed: the one place where they are chosen.
///
/// oneDNN 2.6 has kernels for some layouts, and for the rest only the loop that it tests them against: 170 ms
/// for a depthwise layer of 32 channels on eight images of 56 × 56, which takes 0.3 in blocks and 2 plain;
/// 6,300 for a dilated weight gradient of 64 channels, which takes 4 plain. So it is asked, in this order,
/// and the first layout with a kernel is taken:
///
/// 1. A source of a few channels plain, its destination in blocks: 1.0 ms against 4.6 for the first layer of
///    a ResNet. Forward has that always, the weight gradient for three channels (with AVX-512 for one too).
/// 2. Both in blocks. Of groups that suits those that fill whole blocks, and depthwise ones with one output a
///    channel: a lane is a group then, also where the last block is not full. Other groups would share a
///    block with their neighbours.
/// 3. Both plain: patches gathered and multiplied as matrices, with any groups and any dilation.
private func prepared(
    _ source: [Int], _ weights: [Int], _ geometry: ConvolutionGeometry, _ dtype: DType,
    for direction: ConvolutionDirection, _ ending: ConvolutionEnding = .init()
) -> ConvolutionShape {
    var shape = convolutionShape(source, weights, geometry)
    guard dtype == .f32 || dtype == .bf16, shape.source.batch > 0 else { return shape }
    if dtype == .bf16 { shape.kind = .bf16 }
    let (from, to) = (shape.source.preferredBlock(shape.kind), shape.destination.preferredBlock(shape.kind))
    let hasFewChannels = shape.groups == 1 && shape.source.channels < from
    let plainToBlocked = hasFewChannels ? [shape.blocked(source: 1, destination: to)] : []
    let candidates = plainToBlocked + [shape.blocked(source: from, destination: to)]
    return candidates.first { ConvolutionKernel.exists(for: ConvolutionTask($0, direction, ending)) } ?? shape
}

extension Tensor {
    /// The shape of this tensor convolved; stops the program where the shapes do not fit.
    package func shapeConvolved(with weights: [Int], _ geometry: ConvolutionGeometry) -> [Int] {
        convolutionShape(shape, weights, geometry).destination.extents
    }
}

/// The extents, in plain layouts; stops the program where they do not fit.
private func convolutionShape(
    _ source: [Int], _ weights: [Int], _ geometry: ConvolutionGeometry
) -> ConvolutionShape {
    guard source.count == 4, weights.count == 4 else { shapeMistake("convolution", source, weights) }
    requireSense(geometry)
    let groups = geometry.groups
    guard source[1].isMultiple(of: groups) else {
        shapeMistake("convolution", source, "channels that \(groups) groups divide")
    }
    guard weights[0].isMultiple(of: groups) else {
        shapeMistake("convolution", weights, "weights whose outputs \(groups) groups divide")
    }
    let image = ImageShape(batch: source[0], channels: source[1], height: source[2], width: source[3])
    let (stride, padding, dilation) = (geometry.stride, geometry.padding, geometry.dilation)
    let rows = WindowAxis(
        kernel: weights[2], stride: stride.height, dilation: dilation.height, before: padding.top,
        behind: padding.bottom)
    let columns = WindowAxis(
        kernel: weights[3], stride: stride.width, dilation: dilation.width, before: padding.left,
        behind: padding.right)
    guard weights[1] * groups == source[1],
        let shape = ConvolutionShape(
            source: image, outputChannels: weights[0], rows: rows, columns: columns, groups: groups)
    else { shapeMistake("convolution (\(geometry))", source, weights) }
    return shape
}

private func requireSense(_ geometry: ConvolutionGeometry) {
    let (stride, padding, dilation) = (geometry.stride, geometry.padding, geometry.dilation)
    guard min(stride.height, stride.width, dilation.height, dilation.width, geometry.groups) >= 1,
        min(padding.top, padding.bottom, padding.left, padding.right) >= 0
    else {
        fatalError(
            "convolution: no stride, dilation or groups below 1, no padding below 0; given was \(geometry)")
    }
}

extension ImageShape {
    var extents: [Int] { [batch, channels, height, width] }
    var layout: Layout { channelBlock == 1 ? .plain : .channelBlocks(channelBlock) }
}
