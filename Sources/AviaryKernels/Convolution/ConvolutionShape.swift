import CAviaryOneDNN

/// The extents of a convolution: `[N, C, H, W]` with `[O, C / groups, kernel, kernel]` to `[N, O, H', W']`.
///
/// Channels and outputs fall into as many groups, in their order; an output sees the channels of its group.
package struct ConvolutionShape: Hashable, Sendable {
    package var source: ImageShape
    package var destination: ImageShape
    package let rows: WindowAxis
    package let columns: WindowAxis
    package let groups: Int
    /// That of images and weights; the weights' gradient and the bias are f32.
    package var kind = RealKind.f32

    /// Derives the destination; `nil` where no window fits, an extent is 0 or groups do not divide channels.
    package init?(
        source: ImageShape, outputChannels: Int, rows: WindowAxis, columns: WindowAxis, groups: Int = 1
    ) {
        guard min(source.channels, source.height, source.width, outputChannels, groups) > 0,
            min(rows.kernel, rows.stride, rows.dilation) > 0,
            min(columns.kernel, columns.stride, columns.dilation) > 0,
            source.channels.isMultiple(of: groups), outputChannels.isMultiple(of: groups),
            let height = rows.count(over: source.height), let width = columns.count(over: source.width)
        else { return nil }
        self.source = source
        destination = ImageShape(batch: source.batch, channels: outputChannels, height: height, width: width)
        self.rows = rows
        self.columns = columns
        self.groups = groups
    }

    /// Channels that one output sees.
    package var groupChannels: Int { source.channels / groups }

    /// Elements of the weights.
    package var weightCount: Int { destination.channels * groupChannels * rows.kernel * columns.kernel }

    /// The same convolution with channels in such blocks; 1 is plain.
    package func blocked(source sourceBlock: Int, destination destinationBlock: Int) -> ConvolutionShape {
        var copy = self
        copy.source = source.blocked(sourceBlock)
        copy.destination = destination.blocked(destinationBlock)
        return copy
    }

    /// Whether all channels lie side by side on both sides.
    var isChannelsLast: Bool {
        source.channelBlock == source.channels && destination.channelBlock == destination.channels
    }

    /// All that tells it apart from another, as `KernelChoices` writes it.
    var text: String {
        func image(_ i: ImageShape) -> String {
            "\(i.batch)x\(i.channels)/\(i.channelBlock)x\(i.height)x\(i.width)"
        }
        func axis(_ a: WindowAxis) -> String {
            "k\(a.kernel)s\(a.stride)d\(a.dilation)p\(a.before)+\(a.behind)"
        }
        return "\(kind) \(image(source)) to \(image(destination)) \(axis(rows)) \(axis(columns)) g\(groups)"
    }

    var c: aviary_convolution_shape {
        aviary_convolution_shape(
            source: source.c, destination: destination.c, groups: Int64(groups),
            kernel_height: Int64(rows.kernel), kernel_width: Int64(columns.kernel),
            stride_height: Int64(rows.stride), stride_width: Int64(columns.stride),
            dilation_height: Int64(rows.dilation), dilation_width: Int64(columns.dilation),
            padding_top: Int64(rows.before), padding_left: Int64(columns.before), kind: kind.inOneDNN)
    }
}
