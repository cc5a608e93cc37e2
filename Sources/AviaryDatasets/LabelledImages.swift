/// Pictures of one size with a class each, as bytes.
public struct LabelledImages: Sendable, Equatable {
    /// How many classes a label of one byte can tell apart.
    public static let maximumClassCount = 256

    /// 1 for grey, 3 for red, green and blue.
    public let channels: Int
    /// Rows of each picture.
    public let height: Int
    /// Columns of each picture.
    public let width: Int
    /// `[count, channels, height, width]`, row-major, 0 black to 255 white.
    public let pixels: [UInt8]
    /// `[count]`, each below the number of classes.
    public let labels: [UInt8]
    /// What the labels mean.
    public let classNames: [String]

    /// How many pictures there are.
    public var count: Int { labels.count }

    /// How many pixels, counted for each channel, one picture has.
    public var valuesPerImage: Int { channels * height * width }

    /// Puts a set together; sizes that do not fit each other are a mistake of the program.
    public init(
        channels: Int, height: Int, width: Int, pixels: [UInt8], labels: [UInt8], classNames: [String]
    ) {
        guard pixels.count == labels.count * channels * height * width else {
            let shape = [labels.count, channels, height, width]
            fatalError("LabelledImages: \(pixels.count) pixels do not fit \(shape)")
        }
        guard labels.allSatisfy({ Int($0) < classNames.count }) else {
            fatalError("LabelledImages: a label of \(labels.max() ?? 0) with \(classNames.count) classes")
        }
        self.channels = channels
        self.height = height
        self.width = width
        self.pixels = pixels
        self.labels = labels
        self.classNames = classNames
    }

    /// The pictures at these places, in this order; a place may be named more than once.
    public func subset(at indices: [Int]) -> LabelledImages {
        var chosen: [UInt8] = []
        chosen.reserveCapacity(indices.count * valuesPerImage)
        for index in indices {
            chosen += pixels[index * valuesPerImage..<(index + 1) * valuesPerImage]
        }
        return LabelledImages(
            channels: channels, height: height, width: width, pixels: chosen,
            labels: indices.map { labels[$0] }, classNames: classNames)
    }
}
