import Testing

// Kernels that take f32 or bf16 take bytes: these lend them, and see that nothing is written behind the end.

/// What `body` makes of single-precision numbers, in memory that held NaN.
func inF32(
    _ source: [Float], _ body: (UnsafeRawPointer, UnsafeMutableRawPointer) -> Void
) -> [Float] {
    lent(source, [Float](repeating: .nan, count: source.count) + [12345], body)
}

/// What `body` makes of words of bf16, in memory that held NaN.
func inBF16(
    _ source: [UInt16], _ body: (UnsafeRawPointer, UnsafeMutableRawPointer) -> Void
) -> [UInt16] {
    lent(source, [UInt16](repeating: 0x7FC0, count: source.count) + [12345], body)
}

private func lent<T: Equatable>(
    _ source: [T], _ memory: [T], _ body: (UnsafeRawPointer, UnsafeMutableRawPointer) -> Void
) -> [T] {
    var output = memory
    source.withUnsafeBytes { source in
        output.withUnsafeMutableBytes { output in
            guard let from = source.baseAddress, let to = output.baseAddress else { return }
            body(from, to)
        }
    }
    #expect(output.last == memory.last, "wrote past the end")
    return output.dropLast()
}

/// The number that a word of bf16 is.
func widened(_ word: UInt16) -> Float { Float(bitPattern: UInt32(word) << 16) }

/// The word of bf16 nearest to a number, ties to even.
func narrowed(_ number: Float) -> UInt16 {
    let bits = number.bitPattern
    if number.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
}
