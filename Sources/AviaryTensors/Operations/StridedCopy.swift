extension [Int] {
    /// How far apart neighbours along each axis lie in a row-major tensor of this shape.
    package var rowMajorSteps: [Int] {
        var steps = [Int](repeating: 1, count: count)
        for axis in indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * self[axis + 1] }
        return steps
    }
}

/// Visits the elements of `shape` row-major with the two offsets that two sets of steps give them.
package func eachOffset(of shape: [Int], _ first: [Int], _ second: [Int], _ body: (Int, Int) -> Void) {
    var index = [Int](repeating: 0, count: shape.count)
    var (i, j) = (0, 0)
    for _ in 0..<shape.product {
        body(i, j)
        var axis = shape.count - 1
        while axis >= 0 {
            index[axis] += 1
            i += first[axis]
            j += second[axis]
            if index[axis] < shape[axis] { break }
            i -= first[axis] * shape[axis]
            j -= second[axis] * shape[axis]
            index[axis] = 0
            axis -= 1
        }
    }
}

/// Where the elements of a shape lie in memory: the first, and how far apart neighbours along each axis are.
struct Placement {
    var start = 0
    var steps: [Int]
}

extension Storage {
    /// Copies the elements of `shape` from where they lie in `source` to where they are to lie here.
    ///
    /// Only for a storage that nobody else has seen yet.
    func copy(
        _ shape: [Int], of dtype: DType, from source: Storage, at origin: Placement, to target: Placement
    ) {
        guard shape.product > 0 else { return }
        let run = shape.last ?? 1
        let (near, far) = (origin.steps.last ?? 1, target.steps.last ?? 1)
        let rows = Array(shape.dropLast())
        func move<Word: BitwiseCopyable>(_ word: Word.Type) {
            let width = MemoryLayout<Word>.size
            eachOffset(of: rows, Array(origin.steps.dropLast()), Array(target.steps.dropLast())) { i, j in
                let from = source.bytes + (origin.start + i) * width
                let to = bytes + (target.start + j) * width
                if near == 1, far == 1 {
                    to.copyMemory(from: from, byteCount: run * width)
                    return
                }
                for k in 0..<run {
                    let element = from.load(fromByteOffset: k * near * width, as: Word.self)
                    to.storeBytes(of: element, toByteOffset: k * far * width, as: Word.self)
                }
            }
        }
        withExtendedLifetime(source) {
            switch dtype.byteCount {
            case 8: move(UInt64.self)
            case 4: move(UInt32.self)
            case 2: move(UInt16.self)
            default: move(UInt8.self)
            }
        }
    }
}

extension Tensor {
    /// Where the elements lie in the storage; channels in blocks are laid row-major first.
    var located: (tensor: Tensor, placement: Placement) {
        if case .strided(let steps) = layout { return (self, Placement(start: start, steps: steps)) }
        let plain = self.plain
        return (plain, Placement(start: plain.start, steps: shape.rowMajorSteps))
    }

    /// A tensor of `shape` in this one's memory: a view, without a copy.
    func view(_ shape: [Int], at placement: Placement) -> Tensor {
        // An axis of extent 1 has no neighbours: its step says nothing.
        let isRowMajor = zip(shape.indices, zip(placement.steps, shape.rowMajorSteps)).allSatisfy {
            shape[$0] <= 1 || $1.0 == $1.1
        }
        return Tensor(
            shape: shape, dtype: dtype, layout: isRowMajor ? .plain : .strided(placement.steps),
            start: placement.start, storage: storage)
    }

    /// The elements row-major in memory of their own.
    func copied(at placement: Placement) -> Tensor {
        let copy = Tensor.unwritten(shape, dtype: dtype)
        copy.storage.copy(
            shape, of: dtype, from: storage, at: placement, to: Placement(steps: shape.rowMajorSteps))
        return copy
    }

    /// A tensor of `shape` that is `value` but for this one's elements, laid `steps` apart from `start` on.
    func placed(in shape: [Int], start: Int, steps: [Int], over value: Double = 0) -> Tensor {
        let result = Tensor.filled(shape, with: value, dtype: dtype)
        result.write(self, start: start, steps: steps)
        return result
    }

    /// Copies the elements of `part` into this tensor, which nobody else has seen yet.
    func write(_ part: Tensor, start: Int, steps: [Int]) {
        let (source, placement) = part.located
        storage.copy(
            part.shape, of: dtype, from: source.storage, at: placement,
            to: Placement(start: start, steps: steps))
    }

    /// A tensor whose elements are all `value`.
    package static func filled(_ shape: [Int], with value: Double, dtype: DType) -> Tensor {
        func fill<T: TensorElement>(_ type: T.Type) -> Tensor {
            Tensor(repeating: T(nearest: value), shape: shape)
        }
        return fill(dtype.element)
    }
}
