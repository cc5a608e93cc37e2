import AviaryDatasets
import Testing

struct FolderDatasetTests {
    private func picture(_ value: UInt8, channels: Int = 1) throws -> [UInt8] {
        try ImageEncoder.png(
            ByteImage(
                width: 4, height: 2, channels: channels, bytes: Array(repeating: value, count: 8 * channels)))
    }

    @Test func `classes are the subfolders in the order of their names`() throws {
        let folder = try TemporaryFolder()
        try folder.write(picture(20), to: "wren/b.png")
        try folder.write(picture(10), to: "wren/a.PNG")
        try folder.write(picture(30), to: "Kestrel/only.png")
        try folder.write(Array("notes".utf8), to: "wren/notes.txt")
        try folder.write(Array("hidden".utf8), to: "wren/.a.png")
        try folder.write(Array("readme".utf8), to: "README.md")
        try folder.makeFolder(".cache")
        let set = try FolderDataset(folder: folder.path)
        #expect(set.classNames == ["Kestrel", "wren"])
        let expected = ["Kestrel/only.png", "wren/a.PNG", "wren/b.png"].map { "\(folder.path)/\($0)" }
        #expect(set.files.map(\.path) == expected)
        #expect(set.files.map(\.label) == [0, 1, 1])
        let images = try set.images(channels: 1, height: 2, width: 2)
        #expect(images.count == 3)
        #expect(images.pixels == [30, 30, 30, 30, 10, 10, 10, 10, 20, 20, 20, 20])
        #expect(images.labels == [0, 1, 1])
    }

    @Test func `pictures become the asked channels, plane after plane`() throws {
        let folder = try TemporaryFolder()
        let image = ByteImage(width: 2, height: 1, channels: 3, bytes: [1, 2, 3, 4, 5, 6])
        try folder.write(ImageEncoder.png(image), to: "wren/a.png")
        let set = try FolderDataset(folder: folder.path)
        #expect(try set.images(channels: 3, height: 1, width: 2).pixels == [1, 4, 2, 5, 3, 6])
        #expect(try set.images(channels: 1, height: 1, width: 2).pixels == image.grey.bytes)
    }

    @Test func `folders that cannot be a data set are refused by name`() throws {
        let folder = try TemporaryFolder()
        #expect(throws: DatasetError.noClasses(folder: folder.path)) {
            try FolderDataset(folder: folder.path)
        }
        try folder.makeFolder("wren")
        #expect(throws: DatasetError.emptyClass(folder: "\(folder.path)/wren")) {
            try FolderDataset(folder: folder.path)
        }
        #expect {
            try FolderDataset(folder: "\(folder.path)/none")
        } throws: { error in
            "\(error)" == "there is no \(folder.path)/none; name a folder with one subfolder for each class"
        }
    }

    @Test func `a picture in a format that is not read is refused by name`() throws {
        let folder = try TemporaryFolder()
        try folder.write(picture(1), to: "wren/a.png")
        let path = try folder.write(Array("GIF89a".utf8), to: "wren/b.gif")
        let set = try FolderDataset(folder: folder.path)
        #expect(throws: DatasetError.image(path: path, .unknownFormat)) {
            try set.images(channels: 1, height: 2, width: 2)
        }
    }

    @Test func `more classes than a label tells apart are refused`() throws {
        let folder = try TemporaryFolder()
        for index in 0...256 { try folder.makeFolder("class\(index)") }
        #expect(throws: DatasetError.tooManyClasses(folder: folder.path, count: 257)) {
            try FolderDataset(folder: folder.path)
        }
    }

    @Test func `a size that memory does not hold is refused before decoding`() throws {
        let folder = try TemporaryFolder()
        try folder.write(picture(1), to: "wren/a.png")
        let set = try FolderDataset(folder: folder.path)
        #expect(
            throws: DatasetError.tooLarge(
                folder: folder.path, byteCount: 10_000_000_000, limit: FolderDataset.maximumByteCount)
        ) { try set.images(channels: 1, height: 100_000, width: 100_000) }
    }
}
