// Tensors whose elements are still to be written. Where a kernel has one result, an initializer lends the memory; where it
// has several, each is `unwritten` first.

extension Tensor {
    /// Makes a tensor; `fill` must write every element.
    package init<T: TensorElement>(
        shape: [Int], layout: Layout = .plain, of type: T.Type, fill: (UnsafeMutablePointer<T>) -> Void
    ) {
        self.init(shape: shape, dtype: T.dtype, layout: layout, as: type, fill: fill)
    }

    /// The same of elements as a kernel writes them: of the kind's size, as `UInt16` for bf16.
    init<Element: BitwiseCopyable>(
        shape: [Int], dtype: DType, layout: Layout = .plain, as element: Element.Type,
        fill: (UnsafeMutablePointer<Element>) -> Void
    ) {
        self = .unwritten(shape, dtype: dtype, layout: layout)
        fill(unwritten(as: element))
    }

    /// The same of elements that are written as bytes.
    init(shape: [Int], dtype: DType, layout: Layout = .plain, bytes fill: (UnsafeMutableRawPointer) -> Void) {
        self = .unwritten(shape, dtype: dtype, layout: layout)
        fill(storage.bytes)
    }

    /// The same with the shape, the kind and the layout of another tensor; of a view row-major.
    init(like other: Tensor, bytes fill: (UnsafeMutableRawPointer) -> Void) {
        self.init(shape: other.shape, dtype: other.dtype, layout: other.layout, bytes: fill)
    }

    /// A tensor whose elements nobody has written yet; in place of a view's layout row-major.
    static func unwritten(_ shape: [Int], dtype: DType, layout: Layout = .plain) -> Tensor {
        let layout = layout.dense
        let storage = Storage(byteCount: layout.elementCount(shape) * dtype.byteCount)
        return Tensor(shape: shape, dtype: dtype, layout: layout, storage: storage)
    }

    /// Where such a tensor's elements are written, before anybody else sees it.
    func unwritten<Element: BitwiseCopyable>(as element: Element.Type) -> UnsafeMutablePointer<Element> {
        requireSize(of: element)
        return storage.bytes.bindMemory(to: element, capacity: elementCountInMemory)
    }
}
