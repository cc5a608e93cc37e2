// The elements as they lie in memory. A view's are copied row-major first.

extension Tensor {
    /// Lends the elements, in the tensor's own layout.
    package func read<T: TensorElement, R>(_ type: T.Type, _ body: (UnsafePointer<T>) -> R) -> R {
        guard T.dtype == dtype else { dtypeMistake("read as \(T.dtype)", dtype, supported: [T.dtype]) }
        return lend(as: type, body)
    }

    /// The same as a kernel reads them, or what only moves them: of the kind's size, as `UInt16` for bf16.
    func lend<Element: BitwiseCopyable, R>(
        as element: Element.Type, _ body: (UnsafePointer<Element>) -> R
    ) -> R {
        requireSize(of: element)
        return readBytes { body($0.bindMemory(to: element, capacity: elementCountInMemory)) }
    }

    /// The same of a tensor that need not be there.
    static func lend<Element: BitwiseCopyable, R>(
        _ tensor: Tensor?, as element: Element.Type, _ body: (UnsafePointer<Element>?) -> R
    ) -> R {
        guard let tensor else { return body(nil) }
        return tensor.lend(as: element) { body($0) }
    }

    /// Lends the bytes of the elements.
    func readBytes<R>(_ body: (UnsafeRawPointer) -> R) -> R {
        if case .strided = layout { return plain.readBytes(body) }
        return withExtendedLifetime(storage) {
            body(UnsafeRawPointer(storage.bytes + start * dtype.byteCount))
        }
    }

    /// Stops the program unless an element of this tensor has the size of that type.
    func requireSize<Element: BitwiseCopyable>(of element: Element.Type) {
        guard MemoryLayout<Element>.size == dtype.byteCount else {
            fatalError("elements of \(dtype) are no \(element)")
        }
    }
}

/// Lends the bytes of several tensors, row-major, in their order; `nil` where there is no tensor.
func withBytes<R>(of tensors: [Tensor?], _ body: ([UnsafeRawPointer?]) -> R) -> R {
    let plain = tensors.map { $0?.plain }
    return withExtendedLifetime(plain) {
        body(plain.map { tensor in tensor?.readBytes { $0 } })
    }
}
