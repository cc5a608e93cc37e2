extension Tensor {
    /// Lends the elements as a kernel reads them, in the tensor's own layout; a view's are copied row-major first.
    ///
    /// `Element` is of the size of the tensor's kind: `UInt16` where that is bf16.
    func lend<Element: BitwiseCopyable, R>(
        as element: Element.Type, _ body: (UnsafePointer<Element>) -> R
    ) -> R {
        guard MemoryLayout<Element>.size == dtype.byteCount else {
            fatalError("elements of \(dtype) are not lent as \(element)")
        }
        return readBytes { body($0.bindMemory(to: element, capacity: elementCountInMemory)) }
    }

    /// The same of a tensor that need not be there.
    static func lend<Element: BitwiseCopyable, R>(
        _ tensor: Tensor?, as element: Element.Type, _ body: (UnsafePointer<Element>?) -> R
    ) -> R {
        guard let tensor else { return body(nil) }
        return tensor.lend(as: element) { body($0) }
    }

    /// Makes a tensor of elements as a kernel writes them; `fill` must write every one.
    init<Element: BitwiseCopyable>(
        shape: [Int], dtype: DType, layout: Layout, as element: Element.Type,
        fill: (UnsafeMutablePointer<Element>) -> Void
    ) {
        let layout = layout.dense
        let count = layout.elementCount(shape)
        let storage = Storage(byteCount: count * MemoryLayout<Element>.stride)
        fill(storage.bytes.bindMemory(to: element, capacity: count))
        self.init(shape: shape, dtype: dtype, layout: layout, storage: storage)
    }
}
