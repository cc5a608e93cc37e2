import AviaryKernels

extension Tensor {
    /// `[N, C, H, W]` convolved with `[O, C, kernel, kernel]`: `[N, O, H', W']`, channels in blocks where that is faster.
    package func convolved(with weights: Tensor, stride: Int, padding: Int) -> Tensor {
        let (source, shape) = prepared(for: weights, stride, padding)
        let extents = shape.destination.extents
        switch dtype {
        case .f32:
            return Tensor(shape: extents, layout: shape.destination.layout, of: Float.self) { output in
                source.read(Float.self) { x in
                    weights.read(Float.self) {
                        OneDNNConvolution.forward(shape, source: x, weights: $0, destination: output)
                    }
                }
            }
        case .f64:
            return Tensor(shape: extents, of: Double.self) { output in
                output.update(repeating: 0, count: extents.product)
                source.read(Double.self) { x in
                    weights.read(Double.self) {
                        PlainConvolution.forward(shape, source: x, weights: $0, destination: output)
                    }
                }
            }
        default: dtypeMistake("convolution", dtype, supported: [.f32, .f64])
        }
    }

    /// The gradient by the source (this tensor), from that of the destination.
    package func convolutionSourceGradient(
        weights: Tensor, stride: Int, padding: Int, destinationGradient: Tensor
    ) -> Tensor {
        let (source, shape) = prepared(for: weights, stride, padding)
        if dtype == .f64 {
            return Tensor(shape: source.shape, of: Double.self) { output in
                output.update(repeating: 0, count: source.count)
                destinationGradient.read(Double.self) { dy in
                    weights.read(Double.self) {
                        PlainConvolution.backwardData(
                            shape, destinationGradient: dy, weights: $0, sourceGradient: output)
                    }
                }
            }
        }
        let gradient = destinationGradient.reordered(to: shape.destination.layout)
        return Tensor(shape: source.shape, layout: source.layout, of: Float.self) { output in
            gradient.read(Float.self) { dy in
                weights.read(Float.self) {
                    OneDNNConvolution.backwardData(
                        shape, destinationGradient: dy, weights: $0, sourceGradient: output)
                }
            }
        }
    }

    /// The gradient by the weights, from the source (this tensor) and the gradient of the destination.
    package func convolutionWeightGradient(
        weights: Tensor, stride: Int, padding: Int, destinationGradient: Tensor
    ) -> Tensor {
        let (source, shape) = prepared(for: weights, stride, padding, forWeightGradient: true)
        if dtype == .f64 {
            return Tensor(shape: weights.shape, of: Double.self) { output in
                output.update(repeating: 0, count: weights.count)
                source.read(Double.self) { x in
                    destinationGradient.read(Double.self) {
                        PlainConvolution.backwardWeights(
                            shape, source: x, destinationGradient: $0, weightGradient: output)
                    }
                }
            }
        }
        let gradient = destinationGradient.reordered(to: shape.destination.layout)
        return Tensor(shape: weights.shape, of: Float.self) { output in
            source.read(Float.self) { x in
                gradient.read(Float.self) {
                    OneDNNConvolution.backwardWeights(
                        shape, source: x, destinationGradient: $0, weightGradient: output)
                }
            }
        }
    }

    /// The source in the layout in which it is convolved, and the extents with the layouts of both sides.
    ///
    /// Blocked everywhere but at the network's input: a source of a few channels stays plain (1.0 ms against 4.6
    /// for the first layer of a ResNet). Without AVX-512 oneDNN 2.6 computes the weight gradient of a source of
    /// one channel in a reference loop unless it is blocked (400 ms against 3), and its forward unless it is plain.
    private func prepared(
        for weights: Tensor, _ stride: Int, _ padding: Int, forWeightGradient: Bool = false
    ) -> (Tensor, ConvolutionShape) {
        let image = image("convolution")
        let kernel = weights.shape
        guard kernel.count == 4, kernel[1] == image.channels,
            var shape = ConvolutionShape(
                source: image, outputChannels: kernel[0], kernel: (kernel[2], kernel[3]), stride: stride,
                padding: padding)
        else { shapeMistake("convolution", self.shape, kernel) }
        guard dtype == .f32 else { return (self, shape) }
        let block = ImageShape.preferredChannelBlock
        let staysPlain = image.channels < block && (block == 16 || image.channels == 3 || !forWeightGradient)
        let source = staysPlain ? plain : channelBlocked
        shape.source = source.image("convolution")
        shape.destination = shape.destination.blocked(block)
        return (source, shape)
    }
}

extension ImageShape {
    var extents: [Int] { [batch, channels, height, width] }
    var layout: Layout { channelBlock == 1 ? .plain : .channelBlocks(channelBlock) }
}
