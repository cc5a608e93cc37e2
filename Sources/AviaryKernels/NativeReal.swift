/// The kinds of reals that loops in C read and write as they lie, computing in single precision.
package enum NativeReal: Sendable {
    case f32
    case bf16

    package var byteCount: Int { self == .f32 ? 4 : 2 }

    /// Of two operands the one that loses no digit.
    package static func wider(_ left: NativeReal, _ right: NativeReal) -> NativeReal {
        left == .bf16 && right == .bf16 ? .bf16 : .f32
    }
}
