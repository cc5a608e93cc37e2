/// 70,000 grey pictures of clothes, 28 by 28, in ten classes.
///
/// Source: Xiao, Rasul, Vollgraf 2017, "Fashion-MNIST: a novel image dataset for benchmarking machine
/// learning algorithms" (MIT licence).
public struct FashionMNIST: Sendable {
    /// 55,000 pictures of the training files, to learn from.
    public let training: LabelledImages
    /// The other 5,000 of the training files, to choose by; see ``validationIndices()``.
    public let validation: LabelledImages
    /// The 10,000 pictures of the test files.
    public let test: LabelledImages

    /// Where Debian's package dataset-fashion-mnist puts the files.
    public static let defaultFolder = "/usr/share/datasets/fashion-mnist"

    /// What the labels 0 to 9 mean.
    public static let classNames = [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot",
    ]

    /// Reads the four IDX files from `folder`, compressed (`.gz`) or plain, and compares their decompressed
    /// bytes with the published ones by SHA-256.
    public init(folder: String = defaultFolder) throws(DatasetError) {
        let known = try Self.images(.trainingImages, labels: .trainingLabels, in: folder)
        test = try Self.images(.testImages, labels: .testLabels, in: folder)
        let chosen = Self.validationIndices()
        validation = known.subset(at: chosen)
        let held = Set(chosen)
        training = known.subset(at: known.labels.indices.filter { !held.contains($0) })
    }

    /// The test pictures alone.
    public static func test(folder: String = defaultFolder) throws(DatasetError) -> LabelledImages {
        try images(.testImages, labels: .testLabels, in: folder)
    }

    private static func images(
        _ imageFile: FashionMNISTFile, labels labelFile: FashionMNISTFile, in folder: String
    ) throws(DatasetError) -> LabelledImages {
        let images = try imageFile.read(from: folder)
        let labels = try labelFile.read(from: folder)  // its bytes are the published ones: each is below 10
        return LabelledImages(
            channels: 1, height: images.shape[1], width: images.shape[2], pixels: Array(images.values),
            labels: Array(labels.values), classNames: classNames)
    }
}
