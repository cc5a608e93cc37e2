import AviaryDatasets
import Foundation
import Testing

struct ImageDecoderTests {
    private let grey = ByteImage(
        width: 13, height: 7, channels: 1, bytes: (0..<91).map { UInt8($0 * 37 % 256) })
    private let colour = ByteImage(
        width: 9, height: 5, channels: 3, bytes: (0..<135).map { UInt8($0 * 53 % 256) })

    @Test func `PNG gives back every byte`() throws {
        #expect(try ImageDecoder.decode(ImageEncoder.png(grey)) == grey)
        #expect(try ImageDecoder.decode(ImageEncoder.png(colour)) == colour)
    }

    @Test func `JPEG gives back a smooth picture nearly`() throws {
        for channels in [1, 3] {
            var bytes: [UInt8] = []
            for index in 0..<240 {
                for channel in 0..<channels { bytes.append(UInt8(40 + 8 * (index % 20) + 10 * channel)) }
            }
            let smooth = ByteImage(width: 20, height: 12, channels: channels, bytes: bytes)
            let decoded = try ImageDecoder.decode(ImageEncoder.jpeg(smooth, quality: 95))
            #expect(decoded.width == 20 && decoded.height == 12 && decoded.channels == channels)
            let worst = zip(decoded.bytes, smooth.bytes).map { abs(Int($0) - Int($1)) }.max()
            #expect(worst ?? 255 <= 2)  // 1 with libjpeg-turbo 2.1; other versions may round otherwise
        }
    }

    @Test(arguments: PNGVariety.allCases)
    fileprivate func `PNG of every kind becomes 8-bit grey or RGB`(variety: PNGVariety) throws {
        let file = try #require(Data(base64Encoded: variety.file))
        let image = try ImageDecoder.decode(Array(file))
        #expect(image.width == 2 && image.height == 2)
        #expect(image.channels == variety.expected.count / 4)
        #expect(image.bytes == variety.expected)
    }

    @Test func `a PNG cut anywhere is refused`() throws {
        let file = try ImageEncoder.png(colour)
        for count in 8..<file.count {
            #expect("the first \(count) bytes") {
                try ImageDecoder.decode(Array(file.prefix(count)))
            } throws: { error in
                if case .damaged = error as? ImageError { true } else { false }
            }
        }
    }

    @Test func `a JPEG cut in its picture is refused, not filled with grey`() throws {
        let file = try ImageEncoder.jpeg(colour, quality: 90)
        for count in stride(from: 3, to: file.count - 2, by: 11) {
            #expect("the first \(count) bytes") {
                try ImageDecoder.decode(Array(file.prefix(count)))
            } throws: { error in
                if case .damaged = error as? ImageError { true } else { false }
            }
        }
    }

    @Test func `stray bytes between the segments of a JPEG, which some cameras write, harm nothing`() throws {
        var file = try ImageEncoder.jpeg(colour, quality: 90)
        let decoded = try ImageDecoder.decode(file)
        let firstSegmentCount = Int(file[4]) << 8 | Int(file[5])
        file.insert(contentsOf: [1, 2, 3], at: 4 + firstSegmentCount)
        #expect(try ImageDecoder.decode(file) == decoded)
    }

    @Test func `a changed byte in a PNG is found by its checksum`() throws {
        var file = try ImageEncoder.png(grey)
        file[file.count - 20] ^= 1
        #expect(throws: ImageError.self) { try ImageDecoder.decode(file) }
    }

    @Test func `a small file that claims a huge size is refused before memory is taken`() throws {
        // The header of a PNG of 100,000 x 100,000 pixels, with its right checksum.
        let file = try #require(Data(base64Encoded: PNGVariety.hugeHeader))
        #expect(throws: ImageError.tooLarge(width: 100_000, height: 100_000)) {
            try ImageDecoder.decode(Array(file))
        }
    }

    @Test func `other bytes are no picture`() {
        #expect(throws: ImageError.unknownFormat) { try ImageDecoder.decode([]) }
        #expect(throws: ImageError.unknownFormat) { try ImageDecoder.decode(Array("GIF89a".utf8)) }
        #expect(ImageError.unknownFormat.description == "not a PNG or JPEG picture")
    }

    @Test func `a file's error names the file`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("GIF89a".utf8), to: "wren.png")
        #expect(throws: DatasetError.image(path: path, .unknownFormat)) {
            try ImageDecoder.decode(file: path)
        }
        #expect {
            try ImageDecoder.decode(file: "\(folder.path)/none.png")
        } throws: { error in
            "\(error)" == "there is no \(folder.path)/none.png; name a PNG or JPEG file that is there"
        }
    }
}

/// PNG files of 2 x 2 pixels that our encoder does not write, made by a few lines of Python (zlib and struct).
private enum PNGVariety: String, CaseIterable {
    case oneBitGrey
    case palette
    case greyWithAlpha
    case colourWithAlpha
    case sixteenBitGrey
    case sixteenBitColour
    case greyWithTransparentLevel
    case interlacedColour

    /// A header that claims 100,000 x 100,000 pixels.
    static let hugeHeader =
        "iVBORw0KGgoAAAANSUhEUgABhqAAAYagCAIAAAAnMJyfAAAADElEQVR4nGNgoAwAAABAAAG3NHzvAAAAAElF"
        + "TkSuQmCC"

    /// The bytes in base 64.
    var file: String {
        switch self {
        case .oneBitGrey:
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACAQAAAABazTCJAAAADElEQVR42mNoYHAAAAHEAMGmm+a6AAAAAElF"
                + "TkSuQmCC"
        case .palette:
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACAgMAAAAP2OW3AAAADFBMVEX/AAoBAgMoMjwHCAlOzdAUAAAADElE"
                + "QVR42mMQYNgAAADkAMEZVTv7AAAAAElFTkSuQmCC"
        case .greyWithAlpha:
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAQAAADYv8WvAAAAEklEQVR42mNgZWD7z8DewMEIAAgIAZtv1xjU"
                + "AAAAAElFTkSuQmCC"
        case .colourWithAlpha:
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAGklEQVR42mP4z8DFwMjE/J9Bw8iGk52DswEA"
                + "IMwDRvgsKtoAAAAASUVORK5CYII="
        case .sixteenBitGrey:
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACEAAAAAAHTY67AAAAEklEQVR42mNgPcH2n4G94T8jABA2A1pOe4ba"
                + "AAAAAElFTkSuQmCC"
        case .sixteenBitColour:
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACEAIAAACtREYwAAAAIklEQVR42mP4n8yQzJXMmMyUzJzMoJFslGyT"
                + "zJ7MkcyZDABaRwZivZzdgwAAAABJRU5ErkJggg=="
        case .greyWithTransparentLevel:
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAAAnRSTlMABp/waA0AAAAOSURBVHjaY2BlY2Dn"
                + "AAAATQAbfFJvOgAAAABJRU5ErkJggg=="
        case .interlacedColour:
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAGK06rlAAAAF0lEQVR42mP4z8DFwMjEzKBhZMPOwQkAEbUB"
                + "vjLqAE4AAAAASUVORK5CYII="
        }
    }

    var expected: [UInt8] {
        switch self {
        case .oneBitGrey: [255, 0, 0, 255]
        case .palette, .colourWithAlpha, .sixteenBitColour, .interlacedColour:
            [255, 0, 10, 1, 2, 3, 40, 50, 60, 7, 8, 9]
        case .greyWithAlpha, .greyWithTransparentLevel: [5, 6, 7, 8]
        case .sixteenBitGrey: [5, 6, 7, 255]
        }
    }
}
