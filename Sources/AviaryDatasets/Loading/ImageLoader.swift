public import AviaryTensors

/// What is done to a training image before the model sees it.
public struct Augmentation: Sendable, Equatable {
    /// Black pixels added around before a window of the old size is cut out at a random place; 0 for none.
    public var cropPadding: Int
    /// Whether every second image is mirrored, by chance.
    public var flips: Bool

    /// No change.
    public static let none = Augmentation(cropPadding: 0, flips: false)

    /// Puts the changes together.
    public init(cropPadding: Int, flips: Bool) {
        self.cropPadding = cropPadding
        self.flips = flips
    }
}

/// Images and their labels, ready for a model.
public struct ImageBatch: Sendable {
    /// `[N, C, H, W]`, f32, normalised.
    public let images: Tensor
    /// `[N]`, int64.
    public let labels: Tensor
}

/// Deals out a set of images in shuffled batches.
///
/// A batch is a function of (seed, epoch, index): nothing is kept between batches, so a training goes on at any
/// place exactly as if it had never stopped, whatever the number of threads.
public struct ImageLoader: Sendable {
    private let images: LabelledImages
    private let batchSize: Int
    private let seed: UInt64
    private let augmentation: Augmentation
    private let table: [Float]

    /// A loader over `images`; the last batch of an epoch may be smaller.
    public init(
        _ images: LabelledImages, batchSize: Int, seed: UInt64, normalisation: ImageNormalisation,
        augmentation: Augmentation
    ) {
        self.images = images
        self.batchSize = batchSize
        self.seed = seed
        self.augmentation = augmentation
        table = normalisation.table
    }

    /// Batches of one epoch.
    public var batchCount: Int { (images.count + batchSize - 1) / batchSize }

    /// The order in which an epoch deals the images.
    public func permutation(epoch: Int) -> [Int] {
        var stream = RandomStream(seed: seed, name: "loader/shuffle", UInt32(epoch))
        return stream.permutation(images.count)
    }

    /// The batch at `index` of an epoch with that permutation.
    public func batch(epoch: Int, index: Int, permutation: [Int]) -> ImageBatch {
        let chosen = permutation[index * batchSize..<min(images.count, (index + 1) * batchSize)]
        let size = images.valuesPerImage
        let pixels = Tensor(
            shape: [chosen.count, images.channels, images.height, images.width], of: Float.self
        ) { output in
            for (row, image) in chosen.enumerated() {
                let stream = RandomStream(seed: seed, name: "loader/augment", UInt32(epoch), UInt32(image))
                fill(output + row * size, from: image, stream)
            }
        }
        let labels = chosen.map { Int64(images.labels[$0]) }
        return ImageBatch(images: pixels, labels: Tensor(labels, shape: [labels.count]))
    }

    private func fill(_ output: UnsafeMutablePointer<Float>, from image: Int, _ stream: RandomStream) {
        var stream = stream
        let padding = augmentation.cropPadding
        let top = padding > 0 ? Int.random(in: -padding...padding, using: &stream) : 0
        let left = padding > 0 ? Int.random(in: -padding...padding, using: &stream) : 0
        let isFlipped = augmentation.flips && Bool.random(using: &stream)
        let (height, width) = (images.height, images.width)
        images.pixels.withUnsafeBufferPointer { pixels in
            for channel in 0..<images.channels {
                let plane = (image * images.channels + channel) * height * width
                for y in 0..<height {
                    for x in 0..<width {
                        let (row, shifted) = (y + top, x + left)
                        let column = isFlipped ? width - 1 - shifted : shifted
                        let isInside = (0..<height).contains(row) && (0..<width).contains(column)
                        let pixel = isInside ? pixels[plane + row * width + column] : 0
                        output[(channel * height + y) * width + x] = table[Int(pixel)]
                    }
                }
            }
        }
    }
}
