import CAviaryOneDNN

/// The reals that have kernels of their own.
package enum RealKind: Hashable, Sendable {
    case f32
    /// Products of two bytes, summed up in four.
    case bf16

    /// Whether this processor has instructions for products of this kind.
    package var hasProducts: Bool { aviary_multiplies(c) }

    package var byteCount: Int { self == .f32 ? 4 : 2 }

    var c: aviary_kind { self == .f32 ? AVIARY_F32 : AVIARY_BF16 }
}
