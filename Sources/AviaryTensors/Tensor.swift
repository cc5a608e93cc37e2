package import AviaryKernels

/// A block of numbers with a shape: a value, and what others hold of it is never changed.
///
/// Elements lie row-major, or apart from each other in another tensor's memory (a view: slices, permutations,
/// broadcasts copy nothing), or, inside a network of convolutions, with their channels in blocks (see `Layout`). Reading them through `values(as:)` gives row-major order always.
public struct Tensor: Sendable {
    /// The extent along each axis; empty for a scalar.
    public let shape: [Int]
    /// What the elements are.
    public let dtype: DType
    package let layout: Layout
    /// Which element of the storage is the first: not 0 only for a view.
    let start: Int
    /// Changed by `uniqueAddress` alone.
    package internal(set) var storage: Storage

    /// A tensor of the given elements, row-major; stops the program unless they fill the shape.
    public init<T: TensorElement>(_ values: [T], shape: [Int]) {
        guard values.count == shape.product else {
            fatalError("a tensor of shape \(shape) has \(shape.product) elements, given were \(values.count)")
        }
        self.init(shape: shape, of: T.self) { output in
            values.withUnsafeBufferPointer { source in
                if let first = source.baseAddress { output.update(from: first, count: source.count) }
            }
        }
    }

    /// A scalar.
    public init<T: TensorElement>(_ value: T) {
        self.init([value], shape: [])
    }

    /// A tensor whose elements are all `value`.
    public init<T: TensorElement>(repeating value: T, shape: [Int]) {
        self.init(shape: shape, of: T.self) { $0.update(repeating: value, count: shape.product) }
    }

    /// Zeros.
    public static func zeros(_ shape: [Int], dtype: DType = .f32) -> Tensor {
        filled(shape, with: 0, dtype: dtype)
    }

    /// How many elements there are.
    public var count: Int { shape.product }

    /// The elements in row-major order; stops the program where `T` is not the tensor's kind of element.
    ///
    /// This is the one way out to the host: on a device with a queue of its own it waits for it.
    public func values<T: TensorElement>(as type: T.Type) -> [T] {
        let plain = self.plain
        return plain.read(T.self) { Array(UnsafeBufferPointer(start: $0, count: plain.count)) }
    }

    /// The one element of a tensor of one, as a double.
    public var scalar: Double {
        guard count == 1 else { fatalError("scalar: a tensor of shape \(shape) has \(count) elements") }
        func first<T: TensorElement>(_ type: T.Type) -> Double { values(as: T.self)[0].number }
        return first(dtype.element)
    }

    /// The same elements under another shape of as many.
    public func reshaped(_ shape: [Int]) -> Tensor {
        guard shape.allSatisfy({ $0 >= 0 }), shape.product == count else {
            shapeMistake("reshape", self.shape, shape)
        }
        let plain = self.plain
        return Tensor(shape: shape, dtype: dtype, layout: .plain, start: plain.start, storage: plain.storage)
    }
}

/// How a tensor's elements lie in memory.
package enum Layout: Sendable, Hashable {
    /// Row-major, without gaps.
    case plain
    /// A view: how far apart neighbours along each axis are, in elements; 0 where one element is repeated.
    case strided([Int])
    /// `[N, C, H, W]` with this many channels side by side (`nChw16c`); the last block is filled with zeros.
    case channelBlocks(Int)
}

extension Tensor {
    package init(shape: [Int], dtype: DType, layout: Layout, start: Int = 0, storage: Storage) {
        self.shape = shape
        self.dtype = dtype
        self.layout = layout
        self.start = start
        self.storage = storage
    }

    /// Whether it is all of its storage, row-major: what is made of it may be kept with the storage then.
    var fillsStorage: Bool {
        layout == .plain && start == 0 && count * dtype.byteCount == storage.byteCount
    }

    /// Whether this and the other are one tensor: the same elements in the same memory, seen in the same way.
    package func isSame(as other: Tensor) -> Bool {
        storage === other.storage && start == other.start && layout == other.layout && shape == other.shape
            && dtype == other.dtype
    }

    /// Elements in memory, with the zeros that fill a last block.
    package var elementCountInMemory: Int { layout.elementCount(shape) }

    /// The tensor as a batch of images; stops the program unless it has four axes.
    package func image(_ operation: String) -> ImageShape {
        guard shape.count == 4 else { shapeMistake(operation, shape, "[N, C, H, W]") }
        let plain = ImageShape(batch: shape[0], channels: shape[1], height: shape[2], width: shape[3])
        return switch layout {
        case .plain, .strided: plain
        case .channelBlocks(let block): plain.blocked(block)
        }
    }
}

extension Layout {
    /// The layout of what is made from a tensor that lies like this: a view's results are row-major.
    package var dense: Layout {
        if case .strided = self { .plain } else { self }
    }

    func elementCount(_ shape: [Int]) -> Int {
        switch self {
        case .plain, .strided: shape.product
        case .channelBlocks(let block):
            shape.product / max(1, shape[1]) * ((shape[1] + block - 1) / block * block)
        }
    }
}

extension [Int] {
    /// The number of elements of a tensor of this shape.
    package var product: Int { reduce(1, *) }
}
