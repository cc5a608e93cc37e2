/// Why a data set could not be read; the wording is for the person who named it.
public enum DatasetError: Error, Equatable, CustomStringConvertible, Sendable {
    /// A file or folder is not there; `remedy` says how to get it.
    case missing(path: String, remedy: String)
    /// The system would not let it be read.
    case unreadable(path: String, reason: String)
    /// It is the right kind of file, but not whole.
    case damaged(path: String, problem: String)
    /// It is another kind of file.
    case foreign(path: String, expected: String, found: String)
    /// It is whole, but its bytes are not the published ones.
    case altered(path: String, expectedSHA256: String, foundSHA256: String)
    /// A picture could not be decoded.
    case image(path: String, ImageError)
    /// The folder has no subfolder that could be a class.
    case noClasses(folder: String)
    /// A class has no picture.
    case emptyClass(folder: String)
    /// A label is one byte: there are more classes than it can tell apart.
    case tooManyClasses(folder: String, count: Int)
    /// The pictures would not fit in memory at the size asked.
    case tooLarge(folder: String, byteCount: Int, limit: Int)

    /// One sentence: what is wrong, where, and what would fit.
    public var description: String {
        switch self {
        case .missing(let path, let remedy):
            "there is no \(path); \(remedy)"
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .damaged(let path, let problem):
            "\(path) is damaged: \(problem); get it again"
        case .foreign(let path, let expected, let found):
            "\(path) is not \(expected): \(found)"
        case .altered(let path, let expected, let found):
            "\(path) does not hold the published data: the SHA-256 of its decompressed bytes is \(found), "
                + "not \(expected); get it again"
        case .image(let path, let problem):
            "\(path): \(problem)"
        case .noClasses(let folder):
            "\(folder) has no subfolders; make one for each class and put its pictures inside"
        case .emptyClass(let folder):
            "\(folder) holds no picture; put the PNG or JPEG files of this class there, or remove it"
        case .tooManyClasses(let folder, let count):
            "\(folder) has \(count) subfolders, and at most \(LabelledImages.maximumClassCount) classes fit"
        case .tooLarge(let folder, let byteCount, let limit):
            "the pictures in \(folder) take \(byteCount) bytes at this size, and at most \(limit) fit; "
                + "choose a smaller width and height"
        }
    }
}
