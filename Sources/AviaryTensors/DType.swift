import AviaryKernels

/// What the elements of a tensor are.
///
/// `bf16` and `f16` are forms of storage: operations on them compute in `f32` and round once, at their border. Products of
/// `bf16` are exact in `f32`, so those that take it as it is give the same up to the order of their sums.
public enum DType: String, Sendable, CaseIterable {
    case f64
    case f32
    /// The upper half of an `f32`: its range, 8 bits of precision.
    case bf16
    /// IEEE 754 half precision: 11 bits, from 6e-8 to 65,504.
    case f16
    case int64
    case int32
    case int8
    case uint8
    /// Truth values: masks.
    case bool

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .f64, .int64: 8
        case .f32, .int32: 4
        case .bf16, .f16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// Whether the elements are reals.
    public var isReal: Bool { self == .f64 || self == .f32 || isLowPrecision }

    /// Whether the elements are reals of two bytes.
    public var isLowPrecision: Bool { self == .bf16 || self == .f16 }

    /// Whether the elements are truth values, as `bool` or as bytes of which 0 is false.
    package var isMask: Bool { self == .bool || self == .uint8 }

    /// The kinds of reals.
    public static let reals: [DType] = [.f32, .f64, .bf16, .f16]

    /// The kinds of whole numbers; truth values are none.
    public static let wholeNumbers: [DType] = [.int64, .int32, .int8, .uint8]

    /// The kinds that are added, subtracted and multiplied.
    public static let numbers: [DType] = reals + wholeNumbers

    /// The kinds of two bytes whose products this processor computes without widening them first.
    package static let withProducts: Set<DType> = RealKind.bf16.hasProducts ? [.bf16] : []

    /// What the loops in C take as it lies; `nil` for others.
    var native: RealKind? {
        switch self {
        case .f32: .f32
        case .bf16: .bf16
        default: nil
        }
    }

    /// The kind that both can be brought to without losing range: what an operation on the two gives.
    package static func promoted(_ left: DType, _ right: DType) -> DType {
        if left == right { return left }
        if left == .f64 || right == .f64 { return .f64 }
        return .f32
    }

    /// The Swift type of one element.
    package var element: any TensorElement.Type {
        switch self {
        case .f64: Double.self
        case .f32: Float.self
        case .bf16: BFloat16.self
        case .f16: Float16.self
        case .int64: Int64.self
        case .int32: Int32.self
        case .int8: Int8.self
        case .uint8: UInt8.self
        case .bool: Bool.self
        }
    }
}
