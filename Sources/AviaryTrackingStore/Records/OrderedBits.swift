/// The image of a double as an integer that sorts as the double does.
///
/// -0 is stored as 0, and every NaN as one image below all numbers. The bits of positive doubles sort as
/// integers (IEEE 754, 5.10); those of negative ones sort backwards by magnitude, hence the negated magnitude.
enum OrderedBits {
    static let nan = Int64.min

    static func image(of value: Double) -> Int64 {
        if value.isNaN { return nan }
        let magnitude = Int64(bitPattern: value.magnitude.bitPattern)
        return value < 0 ? -magnitude : magnitude
    }

    static func value(of image: Int64) -> Double {
        if image == nan { return .nan }
        let magnitude = Double(bitPattern: UInt64(image.magnitude))
        return image < 0 ? -magnitude : magnitude
    }
}
