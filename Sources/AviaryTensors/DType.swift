/// What the elements of a tensor are.
public enum DType: String, Sendable, CaseIterable {
    case f64
    case f32
    case int64
    case uint8

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .f64, .int64: 8
        case .f32: 4
        case .uint8: 1
        }
    }
}

/// A Swift type that a tensor's elements can be read and written as.
public protocol TensorElement: Sendable, BitwiseCopyable {
    /// The matching element kind.
    static var dtype: DType { get }
}

extension Double: TensorElement {
    /// Double precision.
    public static var dtype: DType { .f64 }
}

extension Float: TensorElement {
    /// Single precision.
    public static var dtype: DType { .f32 }
}

extension Int64: TensorElement {
    /// Signed 64-bit integers: labels, ids.
    public static var dtype: DType { .int64 }
}

extension UInt8: TensorElement {
    /// Bytes: pixels.
    public static var dtype: DType { .uint8 }
}
