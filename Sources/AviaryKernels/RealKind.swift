import CAviaryKernels
import CAviaryOneDNN

/// The reals that have kernels of their own, which read and write them as they lie and compute in single precision.
package enum RealKind: Hashable, Sendable {
    case f32
    case bf16

    package var byteCount: Int { self == .f32 ? 4 : 2 }

    /// Of two operands the one that loses no digit.
    package static func wider(_ left: RealKind, _ right: RealKind) -> RealKind {
        left == .bf16 && right == .bf16 ? .bf16 : .f32
    }

    /// Whether this processor has instructions for products of this kind.
    package var hasProducts: Bool { aviary_multiplies(inOneDNN) }

    /// As our own loops call it.
    var inLoops: aviary_real { self == .f32 ? AVIARY_REAL_F32 : AVIARY_REAL_BF16 }

    /// As the shim of oneDNN calls it.
    var inOneDNN: aviary_kind { self == .f32 ? AVIARY_F32 : AVIARY_BF16 }
}
