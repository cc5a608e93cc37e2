import CAviaryImage

/// Reads PNG and JPEG pictures.
public enum ImageDecoder {
    /// The most pixels a picture may have: a small file can claim a size that no memory holds.
    public static let maximumPixelCount = Int(AVIARY_IMAGE_MAX_PIXELS)

    /// Decodes the bytes of a PNG or JPEG file to grey or RGB, as the file has it.
    ///
    /// Palettes become colours, 16-bit samples keep their high byte, transparency and the orientation that a
    /// camera noted are ignored (as Pillow's `convert("RGB")` does).
    public static func decode(_ bytes: [UInt8]) throws(ImageError) -> ByteImage {
        var image = aviary_image()
        var text = [CChar](repeating: 0, count: Int(AVIARY_IMAGE_ERROR_CAPACITY))
        let status = aviary_image_decode(bytes, UInt(bytes.count), &image, &text)
        defer { aviary_image_free(image.bytes) }
        let (width, height, channels) = (Int(image.width), Int(image.height), Int(image.channels))
        switch status {
        case AVIARY_IMAGE_OK:
            let decoded = UnsafeBufferPointer(start: image.bytes, count: width * height * channels)
            return ByteImage(width: width, height: height, channels: channels, bytes: Array(decoded))
        case AVIARY_IMAGE_UNKNOWN_FORMAT: throw .unknownFormat
        case AVIARY_IMAGE_TOO_LARGE: throw .tooLarge(width: width, height: height)
        case AVIARY_IMAGE_OUT_OF_MEMORY: throw .outOfMemory
        case AVIARY_IMAGE_UNSUPPORTED: throw .unsupported(String(errorText: text))
        default: throw .damaged(String(errorText: text))
        }
    }

    /// Decodes the PNG or JPEG file at `path`.
    public static func decode(file path: String) throws(DatasetError) -> ByteImage {
        let bytes = try DataFile.bytes(of: path, remedy: "name a PNG or JPEG file that is there")
        do throws(ImageError) {
            return try decode(bytes)
        } catch {
            throw .image(path: path, error)
        }
    }
}
