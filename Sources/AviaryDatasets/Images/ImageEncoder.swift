import CAviaryImage

/// Writes pictures as PNG and JPEG.
package enum ImageEncoder {
    /// The bytes of a PNG file.
    package static func png(_ image: ByteImage) throws(ImageError) -> [UInt8] {
        try encode(image) { aviary_image_encode_png($0, $1, $2, $3) }
    }

    /// The bytes of a JPEG file; `quality` is 1 to 100.
    package static func jpeg(_ image: ByteImage, quality: Int) throws(ImageError) -> [UInt8] {
        try encode(image) { aviary_image_encode_jpeg($0, Int32(quality), $1, $2, $3) }
    }

    private typealias Function = (
        UnsafePointer<aviary_image>, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>,
        UnsafeMutablePointer<UInt>,
        UnsafeMutablePointer<CChar>
    ) -> aviary_image_status

    private static func encode(_ image: ByteImage, with function: Function) throws(ImageError) -> [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        var text = [CChar](repeating: 0, count: Int(AVIARY_IMAGE_ERROR_CAPACITY))
        var pixels = image.bytes
        let status = pixels.withUnsafeMutableBufferPointer { buffer in
            var source = aviary_image(
                width: UInt32(image.width), height: UInt32(image.height), channels: UInt32(image.channels),
                bytes: buffer.baseAddress)
            return function(&source, &encoded, &count, &text)
        }
        defer { aviary_image_free(encoded) }
        switch status {
        case AVIARY_IMAGE_OK: return Array(UnsafeBufferPointer(start: encoded, count: Int(count)))
        case AVIARY_IMAGE_OUT_OF_MEMORY: throw .outOfMemory
        default: throw .unsupported(String(errorText: text))
        }
    }
}
