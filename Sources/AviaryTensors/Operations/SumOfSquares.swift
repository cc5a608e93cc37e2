import AviaryKernels

extension Tensor {
    /// The sum of the squares of all elements.
    package var sumOfSquares: Double { Tensor.sumOfSquares(of: [self]) }

    /// The sum of the squares of all elements of all tensors, f32 and f64.
    ///
    /// In double precision, in an order that depends on their shapes alone; over f32 in one pass, on all threads.
    package static func sumOfSquares(of tensors: [Tensor]) -> Double {
        for tensor in tensors where tensor.dtype != .f32 && tensor.dtype != .f64 {
            dtypeMistake("sum of squares", tensor.dtype, supported: [.f32, .f64])
        }
        let single = tensors.filter { $0.dtype == .f32 }.map(\.plain)
        // Their owners are held until the sum is made.
        let total = withExtendedLifetime(single) {
            AviaryKernels.sumOfSquares(
                of: single.map { tensor in
                    tensor.read(Float.self) { UnsafeBufferPointer(start: $0, count: tensor.count) }
                })
        }
        return tensors.filter { $0.dtype == .f64 }
            .reduce(total) { $1.values(as: Double.self).reduce($0) { $0 + $1 * $1 } }
    }
}
