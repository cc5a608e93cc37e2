import CAviaryOneDNN

/// The extents of a convolution: `[N, C, H, W]` with `[O, C, kernel, kernel]` to `[N, O, H', W']`.
package struct ConvolutionShape: Hashable, Sendable {
    package var source: ImageShape
    package var destination: ImageShape
    package var kernel: (height: Int, width: Int) { (kernelHeight, kernelWidth) }
    package var stride: Int
    package var padding: Int
    private let kernelHeight: Int
    private let kernelWidth: Int

    /// Derives the destination; `nil` where no window fits.
    package init?(
        source: ImageShape, outputChannels: Int, kernel: (height: Int, width: Int), stride: Int, padding: Int
    ) {
        let height = (source.height + 2 * padding - kernel.height) / stride + 1
        let width = (source.width + 2 * padding - kernel.width) / stride + 1
        guard source.height + 2 * padding >= kernel.height, source.width + 2 * padding >= kernel.width
        else { return nil }
        self.source = source
        destination = ImageShape(batch: source.batch, channels: outputChannels, height: height, width: width)
        self.stride = stride
        self.padding = padding
        kernelHeight = kernel.height
        kernelWidth = kernel.width
    }

    /// Elements of the weights.
    package var weightCount: Int { destination.channels * source.channels * kernelHeight * kernelWidth }

    var c: aviary_convolution_shape {
        aviary_convolution_shape(
            source: source.c, destination: destination.c, kernel_height: Int64(kernelHeight),
            kernel_width: Int64(kernelWidth), stride: Int64(stride), padding: Int64(padding))
    }
}
