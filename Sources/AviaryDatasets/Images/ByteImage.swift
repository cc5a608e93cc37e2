/// A picture with 8 bits a channel.
public struct ByteImage: Sendable, Equatable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// 1 for grey, 3 for red, green and blue.
    public let channels: Int
    /// `[height, width, channels]`, row-major, from the top.
    public let bytes: [UInt8]

    /// Puts a picture together; sizes that do not fit each other are a mistake of the program.
    public init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
        guard width > 0, height > 0, channels == 1 || channels == 3,
            bytes.count == width * height * channels
        else {
            fatalError("ByteImage: \(bytes.count) bytes do not fit [\(height), \(width), \(channels)]")
        }
        self.width = width
        self.height = height
        self.channels = channels
        self.bytes = bytes
    }

    /// The same picture as planes, `[channels, height, width]`, as networks take it.
    public var planes: [UInt8] {
        if channels == 1 { return bytes }
        var planes: [UInt8] = []
        planes.reserveCapacity(bytes.count)
        for channel in 0..<channels {
            for index in stride(from: channel, to: bytes.count, by: channels) { planes.append(bytes[index]) }
        }
        return planes
    }
}
