import CAviaryOneDNN

/// Copies images from one channel blocking to another, and fills the last block with zeros.
package func reorder(
    _ source: UnsafeRawPointer, _ from: ImageShape, into destination: UnsafeMutableRawPointer,
    _ to: ImageShape,
    kind: RealKind = .f32
) {
    guard from.isNamed, to.isNamed else {
        switch kind {
        case .f32: return moveChannels(source, from, into: destination, to, of: UInt32.self)
        case .bf16: return moveChannels(source, from, into: destination, to, of: UInt16.self)
        }
    }
    let primitive = reorders.primitive(for: Reordering(from: from, to: to, kind: kind))
    mustSucceed(primitive.use { aviary_reorder_run($0, source, destination) }, "reorder")
}

extension ImageShape {
    /// Whether oneDNN has a name for how the channels lie: others come of padding channels that all lay side by side.
    fileprivate var isNamed: Bool { [1, 8, 16, channels].contains(channelBlock) }
}

private struct Reordering: Hashable, Sendable {
    let from: ImageShape
    let to: ImageShape
    let kind: RealKind
}

private let reorders = PrimitiveCache<Reordering> { key, error in
    var (from, to) = (key.from.c, key.to.c)
    return aviary_reorder_create(&from, &to, key.kind.inOneDNN, error)
}

/// Any blocking into any other, element by element.
private func moveChannels<Word: FixedWidthInteger>(
    _ source: UnsafeRawPointer, _ from: ImageShape, into destination: UnsafeMutableRawPointer,
    _ to: ImageShape,
    of word: Word.Type
) {
    let area = from.height * from.width
    let (input, output) = (
        source.assumingMemoryBound(to: Word.self), destination.assumingMemoryBound(to: Word.self)
    )
    func start(_ shape: ImageShape, _ image: Int, _ channel: Int) -> Int {
        let (block, place) = channel.quotientAndRemainder(dividingBy: shape.channelBlock)
        return image * shape.paddedChannels * area + block * area * shape.channelBlock + place
    }
    Parallel.run(from.batch) { images in
        for image in images {
            for channel in 0..<to.paddedChannels {
                let target = start(to, image, channel)
                guard channel < from.channels else {
                    for place in 0..<area { output[target + place * to.channelBlock] = 0 }
                    continue
                }
                let origin = start(from, image, channel)
                for place in 0..<area {
                    output[target + place * to.channelBlock] = input[origin + place * from.channelBlock]
                }
            }
        }
    }
}
