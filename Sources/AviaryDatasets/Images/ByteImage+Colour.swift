extension ByteImage {
    /// The picture in grey: the luma of ITU-R BT.601, 0.299 red + 0.587 green + 0.114 blue.
    ///
    /// Source: Pillow's conversion to `L`, whose 16-bit weights and rounding these are.
    public var grey: ByteImage {
        if channels == 1 { return self }
        var grey: [UInt8] = []
        grey.reserveCapacity(width * height)
        for index in stride(from: 0, to: bytes.count, by: 3) {
            let red = 19_595 * UInt32(bytes[index])
            let green = 38_470 * UInt32(bytes[index + 1])
            let blue = 7_471 * UInt32(bytes[index + 2])
            grey.append(UInt8((red + green + blue + 0x8000) >> 16))
        }
        return ByteImage(width: width, height: height, channels: 1, bytes: grey)
    }

    /// The picture in three channels; a grey one becomes three equal ones.
    public var rgb: ByteImage {
        if channels == 3 { return self }
        return ByteImage(width: width, height: height, channels: 3, bytes: bytes.flatMap { [$0, $0, $0] })
    }

    /// The picture with 1 channel or 3.
    public func converted(toChannels count: Int) -> ByteImage {
        switch count {
        case 1: grey
        case 3: rgb
        default: fatalError("ByteImage: a picture has 1 channel or 3, not \(count)")
        }
    }
}
