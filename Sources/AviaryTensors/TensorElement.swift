/// A Swift type that a tensor's elements can be read and written as.
public protocol TensorElement: Sendable, BitwiseCopyable {
    /// The matching element kind.
    static var dtype: DType { get }
    /// The element nearest to a number: reals round, integers cut off the fraction and stop at their ends.
    ///
    /// NaN becomes the integer 0; a truth value is whether the number is not 0.
    init(nearest number: Double)
    /// The element as a double, exact but for int64 beyond 2⁵³.
    var number: Double { get }
}

extension Double: TensorElement {
    /// Double precision.
    public static var dtype: DType { .f64 }
    /// The number itself.
    public init(nearest number: Double) { self = number }
    /// The number itself.
    public var number: Double { self }
}

extension Float: TensorElement {
    /// Single precision.
    public static var dtype: DType { .f32 }
    /// Rounds to the nearest, ties to even.
    public init(nearest number: Double) { self = Float(number) }
    /// Exact.
    public var number: Double { Double(self) }
}

extension Float16: TensorElement {
    /// Half precision.
    public static var dtype: DType { .f16 }
    /// Rounds to the nearest by way of single precision, ties to even.
    public init(nearest number: Double) { self = Float16(Float(number)) }
    /// Exact.
    public var number: Double { Double(self) }
}

/// The upper half of a `Float`: sign, 8 bits of exponent, 7 of fraction.
public struct BFloat16: TensorElement, Equatable, CustomStringConvertible {
    /// Its bits, those of the `Float` without the lower sixteen.
    public var bitPattern: UInt16

    /// Brain floating point.
    public static var dtype: DType { .bf16 }

    /// The one with these bits.
    public init(bitPattern: UInt16) {
        self.bitPattern = bitPattern
    }

    /// Rounds to the nearest, ties to even; every NaN stays one.
    public init(_ value: Float) {
        let bits = value.bitPattern
        let rounded = (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16
        bitPattern = value.isNaN ? UInt16(bits >> 16) | 0x40 : UInt16(truncatingIfNeeded: rounded)
    }

    /// Rounds to the nearest by way of single precision.
    public init(nearest number: Double) { self.init(Float(number)) }

    /// Exact.
    public var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }
    /// Exact.
    public var number: Double { Double(float) }
    /// As that of the `Float`.
    public var description: String { float.description }
}

extension Int64: TensorElement {
    /// Signed 64-bit integers: labels, ids.
    public static var dtype: DType { .int64 }
}

extension Int32: TensorElement {
    /// Signed 32-bit integers: accumulated products of quantized numbers.
    public static var dtype: DType { .int32 }
}

extension Int8: TensorElement {
    /// Signed bytes: quantized numbers.
    public static var dtype: DType { .int8 }
}

extension UInt8: TensorElement {
    /// Bytes: pixels, and masks of which 0 is false.
    public static var dtype: DType { .uint8 }
}

extension Bool: TensorElement {
    /// Truth values, a byte each.
    public static var dtype: DType { .bool }
    /// Whether the number is not 0.
    public init(nearest number: Double) { self = number != 0 }
    /// 1 for true.
    public var number: Double { self ? 1 : 0 }
}

extension TensorElement where Self: FixedWidthInteger {
    /// Cuts off the fraction, stops at the ends; NaN becomes 0.
    public init(nearest number: Double) {
        if number.isNaN {
            self = 0
        } else if number >= 0x1p63 {
            self = .max
        } else if number < -0x1p63 {
            self = .min
        } else {
            self = Self(clamping: Int64(number))
        }
    }

    /// Exact but for int64 beyond 2⁵³.
    public var number: Double { Double(self) }
}
