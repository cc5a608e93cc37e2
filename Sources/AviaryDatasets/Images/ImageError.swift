/// Why bytes could not be read as a picture.
public enum ImageError: Error, Equatable, CustomStringConvertible, Sendable {
    /// It is neither PNG nor JPEG.
    case unknownFormat
    /// It has more pixels than are decoded.
    case tooLarge(width: Int, height: Int)
    /// It is a PNG or JPEG file, but not a whole one.
    case damaged(String)
    /// It is whole, but of a form that is not read.
    case unsupported(String)
    /// There is not enough memory.
    case outOfMemory

    /// What is wrong, and what would fit.
    public var description: String {
        switch self {
        case .unknownFormat:
            "not a PNG or JPEG picture"
        case .tooLarge(let width, let height):
            "the picture has \(width) x \(height) pixels, at most \(ImageDecoder.maximumPixelCount) are read"
        case .damaged(let problem):
            "the picture is damaged: \(problem)"
        case .unsupported(let problem):
            "the picture cannot be read: \(problem)"
        case .outOfMemory:
            "there is not enough memory for the picture"
        }
    }
}
