/// A folder with one subfolder of pictures for each class.
///
/// ```
/// birds/kestrel/1.jpg
/// birds/kestrel/2.png
/// birds/wren/1.jpg
/// ```
public struct FolderDataset: Sendable, Equatable {
    /// One picture and its class.
    public struct File: Sendable, Equatable {
        /// Where it is.
        public let path: String
        /// The place of its class among the names.
        public let label: UInt8
    }

    /// The folder that was named.
    public let folder: String
    /// The names of the subfolders, in the order of their bytes.
    public let classNames: [String]
    /// Every picture, by class and then by name.
    public let files: [File]

    /// How many bytes the pictures of one set may take together.
    public static let maximumByteCount = 4 << 30

    /// Endings of files that are taken for pictures.
    ///
    /// Formats that are not read are among them, so that such a file is refused by name instead of missing
    /// silently from a class.
    private static let endings: Set<String> = [
        "png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff", "heic", "avif", "ppm", "pgm",
    ]

    /// Lists the pictures; hidden files, files beside the subfolders and files that are no pictures by their
    /// ending are left out.
    public init(folder: String) throws(DatasetError) {
        var classNames: [String] = []
        for name in try DataFile.names(in: folder, remedy: "name a folder with one subfolder for each class")
        where DataFile.isFolder("\(folder)/\(name)") {
            classNames.append(name)
        }
        guard !classNames.isEmpty else { throw .noClasses(folder: folder) }
        guard classNames.count <= LabelledImages.maximumClassCount else {
            throw .tooManyClasses(folder: folder, count: classNames.count)
        }
        var files: [File] = []
        for (label, name) in classNames.enumerated() {
            files += try Self.pictures(in: "\(folder)/\(name)").map { File(path: $0, label: UInt8(label)) }
        }
        self.folder = folder
        self.classNames = classNames
        self.files = files
    }

    /// Decodes every picture, with 1 channel or 3, resized to one size.
    public func images(channels: Int, height: Int, width: Int) throws(DatasetError) -> LabelledImages {
        let byteCount = files.count * channels * height * width
        guard byteCount <= Self.maximumByteCount else {
            throw .tooLarge(folder: folder, byteCount: byteCount, limit: Self.maximumByteCount)
        }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(byteCount)
        for file in files {
            let image = try ImageDecoder.decode(file: file.path)
            pixels += image.converted(toChannels: channels).resized(width: width, height: height).planes
        }
        return LabelledImages(
            channels: channels, height: height, width: width, pixels: pixels, labels: files.map(\.label),
            classNames: classNames)
    }

    private static func pictures(in folder: String) throws(DatasetError) -> [String] {
        let names = try DataFile.names(in: folder, remedy: "it was there a moment ago; try again")
        let pictures = names.filter { name in
            guard let dot = name.lastIndex(of: ".") else { return false }
            return endings.contains(name[name.index(after: dot)...].lowercased())
        }
        guard !pictures.isEmpty else { throw .emptyClass(folder: folder) }
        return pictures.map { "\(folder)/\($0)" }
    }
}
