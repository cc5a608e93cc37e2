import CAviaryOneDNN

/// The extents of a batch of images and how their channels lie: plain (`nchw`) or in blocks (`nChw16c`).
package struct ImageShape: Hashable, Sendable {
    package var batch: Int
    package var channels: Int
    package var height: Int
    package var width: Int
    /// 1 for plain, else the number of channels that lie side by side; the last block is filled with zeros.
    package var channelBlock: Int

    package init(batch: Int, channels: Int, height: Int, width: Int, channelBlock: Int = 1) {
        self.batch = batch
        self.channels = channels
        self.height = height
        self.width = width
        self.channelBlock = channelBlock
    }

    /// The block that this processor's fastest kernels want: 16 with AVX-512, else 8; all channels for tiles of two
    /// bytes (AMX).
    package func preferredBlock(_ kind: RealKind = .f32) -> Int {
        let block = Int(aviary_preferred_channel_block(kind.inOneDNN))
        return block == 0 ? channels : block
    }

    /// The block of `f32` alone.
    package static let preferredChannelBlock = Int(aviary_preferred_channel_block(RealKind.f32.inOneDNN))

    /// The same images with their channels in blocks of `block`.
    package func blocked(_ block: Int) -> ImageShape {
        var copy = self
        copy.channelBlock = block
        return copy
    }

    /// Channels with the zeros that fill the last block.
    package var paddedChannels: Int { (channels + channelBlock - 1) / channelBlock * channelBlock }

    /// Elements in memory, with those zeros.
    package var elementCount: Int { batch * paddedChannels * height * width }

    var c: aviary_image {
        aviary_image(
            batch: Int64(batch), channels: Int64(channels), height: Int64(height), width: Int64(width),
            channel_block: Int64(channelBlock))
    }
}
