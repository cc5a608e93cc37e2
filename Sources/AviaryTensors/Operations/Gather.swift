extension Tensor {
    /// For each index the element that stands there along the axis, other coordinates kept.
    ///
    /// `indices`, int64 or int32, has this tensor's rank and at most its extents, along `axis` any; so has the result.
    package func gathered(axis: Int, indices: Tensor) -> Tensor {
        let walk = IndexWalk("gather", shape, indices, axis: self.axis(axis, "gather"))
        func gather<Word: BitwiseCopyable>(_ word: Word.Type) -> Tensor {
            Tensor(shape: indices.shape, dtype: dtype, as: word) { output in
                plain.lend(as: word) { values in walk.run { output[$0] = values[$1] } }
            }
        }
        return switch dtype.byteCount {
        case 8: gather(UInt64.self)
        case 4: gather(UInt32.self)
        case 2: gather(UInt16.self)
        default: gather(UInt8.self)
        }
    }

    /// This tensor with each element of `source` added where its index along the axis says.
    package func scatterAdded(axis: Int, indices: Tensor, source: Tensor) -> Tensor {
        guard source.shape == indices.shape else { shapeMistake("scatter add", source.shape, indices.shape) }
        guard source.dtype == dtype else {
            dtypeMistake("scatter add to \(dtype)", source.dtype, supported: [dtype])
        }
        let walk = IndexWalk("scatter add", shape, indices, axis: self.axis(axis, "scatter add"))
        func scatter<T: TensorElement>(_ sum: (T, T) -> T) -> Tensor {
            let (target, addend) = (plain, source.plain)
            return Tensor(shape: shape, of: T.self) { output in
                target.read(T.self) { output.update(from: $0, count: target.count) }
                addend.read(T.self) { values in walk.run { output[$1] = sum(output[$1], values[$0]) } }
            }
        }
        return switch dtype {
        case .f32: scatter { (a: Float, b) in a + b }
        case .f64: scatter { (a: Double, b) in a + b }
        case .int64: scatter { (a: Int64, b) in a &+ b }
        case .int32: scatter { (a: Int32, b) in a &+ b }
        case .int8: scatter { (a: Int8, b) in a &+ b }
        case .uint8: scatter { (a: UInt8, b) in a &+ b }
        case .bf16, .f16:
            widened.scatterAdded(axis: axis, indices: indices, source: source.widened).cast(to: dtype)
        case .bool: dtypeMistake("scatter add", dtype, supported: DType.reals + DType.wholeNumbers)
        }
    }
}

/// The way through a tensor of indices: each one's position, and the offset that it points to.
struct IndexWalk {
    private let shape: [Int]
    private let chosen: [Int]
    private let steps: [Int]
    private let axisStep: Int

    init(_ operation: String, _ target: [Int], _ indices: Tensor, axis: Int) {
        let fits =
            indices.shape.count == target.count
            && target.indices.allSatisfy { $0 == axis || indices.shape[$0] <= target[$0] }
        guard fits else { shapeMistake(operation, target, indices.shape) }
        shape = indices.shape
        chosen = indices.indices(below: target[axis], operation)
        var steps = target.rowMajorSteps
        axisStep = steps[axis]
        steps[axis] = 0
        self.steps = steps
    }

    func run(_ body: (_ position: Int, _ offset: Int) -> Void) {
        eachOffset(of: shape, shape.rowMajorSteps, steps) { body($0, $1 + chosen[$0] * axisStep) }
    }
}
