/// Brings pixels to mean 0 and deviation 1: `(pixel / 255 - mean) / deviation`.
public struct ImageNormalisation: Sendable, Equatable {
    /// Of all pixels of the training images, on the scale 0 to 1.
    public let mean: Double
    /// Of all pixels of the training images, on the scale 0 to 1; more than 0.
    public let deviation: Double

    /// Takes given figures, as those that travel with weights.
    public init(mean: Double, deviation: Double) {
        self.mean = mean
        self.deviation = deviation
    }

    /// Measures a set; a set without contrast gets the deviation 1.
    public init(of images: LabelledImages) {
        var histogram = [Int](repeating: 0, count: 256)
        for pixel in images.pixels { histogram[Int(pixel)] += 1 }
        let count = Double(max(1, images.pixels.count))
        let mean =
            histogram.enumerated().reduce(0.0) { $0 + Double($1.offset) / 255 * Double($1.element) } / count
        let variance =
            histogram.enumerated().reduce(0.0) {
                let distance = Double($1.offset) / 255 - mean
                return $0 + distance * distance * Double($1.element)
            } / count
        self.init(mean: mean, deviation: variance > 0 ? variance.squareRoot() : 1)
    }

    /// The number that each of the 256 pixel values becomes.
    var table: [Float] { (0..<256).map { Float((Double($0) / 255 - mean) / deviation) } }
}
