extension Tensor {
    /// Where the elements lie, row-major, to be changed in place: the one way to do so.
    ///
    /// Storage that another tensor has as well is copied first, so that nobody sees a number change. The address is
    /// good as long as this tensor is neither gone nor copied.
    mutating func uniqueAddress<T: TensorElement>(_ type: T.Type) -> UnsafeMutablePointer<T> {
        guard T.dtype == dtype else { dtypeMistake("change as \(T.dtype)", dtype, supported: [T.dtype]) }
        // Not through `plain` where it is the tensor itself: that would be a second reference.
        if layout != .plain { self = plain }
        if !isKnownUniquelyReferenced(&storage) { self = copy }
        storage.forgetDerived()
        return (storage.bytes + start * dtype.byteCount).bindMemory(to: T.self, capacity: count)
    }

    private var copy: Tensor {
        Tensor(like: self) { output in
            readBytes { output.copyMemory(from: $0, byteCount: count * dtype.byteCount) }
        }
    }
}
