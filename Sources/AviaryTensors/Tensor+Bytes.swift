import AviaryKernels

extension DType {
    /// What loops in C take as it lies; `nil` for others.
    var native: RealKind? {
        switch self {
        case .f32: .f32
        case .bf16: .bf16
        default: nil
        }
    }
}

extension Tensor {
    /// Makes a tensor of elements that are written as bytes; `fill` must write every one.
    init(shape: [Int], dtype: DType, layout: Layout = .plain, bytes fill: (UnsafeMutableRawPointer) -> Void) {
        let layout = layout.dense
        let storage = Storage(byteCount: layout.elementCount(shape) * dtype.byteCount)
        fill(storage.bytes)
        self.init(shape: shape, dtype: dtype, layout: layout, storage: storage)
    }

    /// A tensor whose elements nobody has written yet: a place for a kernel that has several results.
    static func unwritten(_ shape: [Int], dtype: DType) -> Tensor {
        Tensor(shape: shape, dtype: dtype, bytes: { _ in })
    }
}

/// Lends the bytes of several tensors, row-major, in their order; `nil` where there is no tensor.
func withBytes<R>(of tensors: [Tensor?], _ body: ([UnsafeRawPointer?]) -> R) -> R {
    let plain = tensors.map { $0?.plain }
    return withExtendedLifetime(plain) {
        body(plain.map { tensor in tensor?.readBytes { $0 } })
    }
}
