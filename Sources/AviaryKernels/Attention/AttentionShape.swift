/// The extents of attention; a head is one of one member of the batch.
package struct AttentionShape: Hashable, Sendable {
    package var batch: Int
    package var heads: Int
    package var queries: Int
    package var keys: Int
    /// Of a query and a key.
    package var depth: Int
    /// Of a value and an output.
    package var width: Int

    package init(batch: Int, heads: Int, queries: Int, keys: Int, depth: Int, width: Int) {
        self.batch = batch
        self.heads = heads
        self.queries = queries
        self.keys = keys
        self.depth = depth
        self.width = width
    }

    /// Heads of the whole batch.
    package var headCount: Int { batch * heads }
    package var queryElementCount: Int { headCount * queries * depth }
    package var keyElementCount: Int { headCount * keys * depth }
    package var valueElementCount: Int { headCount * keys * width }
    package var outputElementCount: Int { headCount * queries * width }
}

/// What the numbers of attention's operands may be: `Float` and `Double`, and a type that holds bf16.
package protocol AttentionElement: BitwiseCopyable {
    /// What scores and sums are computed in.
    associatedtype Real: BinaryFloatingPoint
}

extension Float: AttentionElement {
    package typealias Real = Float
}

extension Double: AttentionElement {
    package typealias Real = Double
}

/// The rows of each head of each member of a batch, wherever they lie; the numbers of a row lie side by side.
package struct HeadRows<T> {
    /// The first number of all; only outputs and gradients are written through it.
    package var first: UnsafeMutablePointer<T>
    /// How many elements apart members of the batch, heads and rows lie.
    package var steps: (batch: Int, head: Int, row: Int)

    package init(_ first: UnsafeMutablePointer<T>, steps: (batch: Int, head: Int, row: Int)) {
        (self.first, self.steps) = (first, steps)
    }

    /// Row-major `[batch, heads, length, width]`.
    package init(_ first: UnsafeMutablePointer<T>, heads: Int, length: Int, width: Int) {
        self.init(first, steps: (batch: heads * length * width, head: length * width, row: width))
    }

    /// A row of a head, counted through the whole batch.
    @inline(__always)
    func row(_ row: Int, of head: Int, _ shape: AttentionShape) -> UnsafeMutablePointer<T> {
        first + head / shape.heads * steps.batch + head % shape.heads * steps.head + row * steps.row
    }
}

/// What attention does beside its products.
package struct AttentionRule: Sendable {
    /// What the scores are multiplied by.
    package var scale: Double
    /// Query `i` sees keys up to `i`.
    package var isCausal: Bool
    /// Of the probabilities.
    package var dropout: ElementDropout?

    package init(scale: Double, isCausal: Bool = false, dropout: ElementDropout? = nil) {
        self.scale = scale
        self.isCausal = isCausal
        self.dropout = dropout
    }
}

/// Which pairs take part: `[batch, heads, queries, keys]` with a step of 0 along each axis that is broadcast.
package struct AttentionMask<T: BinaryFloatingPoint> {
    package enum Elements {
        /// The pair takes part unless its byte is 0.
        case takingPart(UnsafePointer<UInt8>)
        /// Added to the score; minus infinity takes the pair out.
        case added(UnsafePointer<T>)
    }

    package var elements: Elements
    /// How far apart neighbours along the four axes lie.
    package var steps: [Int]

    package init(_ elements: Elements, steps: [Int]) {
        self.elements = elements
        self.steps = steps
    }
}

/// The operands of attention.
package struct AttentionInputs<T: AttentionElement> {
    /// `[batch, heads, queries, depth]`.
    package var query: HeadRows<T>
    /// `[batch, heads, keys, depth]`.
    package var key: HeadRows<T>
    /// `[batch, heads, keys, width]`.
    package var value: HeadRows<T>
    package var mask: AttentionMask<T.Real>?

    package init(
        query: HeadRows<T>, key: HeadRows<T>, value: HeadRows<T>, mask: AttentionMask<T.Real>? = nil
    ) {
        self.query = query
        self.key = key
        self.value = value
        self.mask = mask
    }
}

/// What makes probabilities of a row's scores: `exp(score - greatest) * inverse`.
///
/// Not the logarithm of the sum, which would be one number: beside a greatest score of -1e9, as a mask of finite numbers
/// makes it, that of a few powers is lost, and each of them would become 1.
package struct AttentionNormalizers<Real: BinaryFloatingPoint> {
    /// `[batch, heads, queries]`, row-major: each row's greatest score; 0 where no key takes part.
    package var greatest: UnsafeMutablePointer<Real>
    /// `[batch, heads, queries]`: 1 / the sum of the row's powers; 0 where no key takes part, as all its probabilities
    /// are.
    package var inverses: UnsafeMutablePointer<Real>

    package init(greatest: UnsafeMutablePointer<Real>, inverses: UnsafeMutablePointer<Real>) {
        self.greatest = greatest
        self.inverses = inverses
    }
}

/// What forward wrote and backward reads.
package struct AttentionResult<T: AttentionElement> {
    /// `[batch, heads, queries, width]`.
    package var output: HeadRows<T>
    package var normalizers: AttentionNormalizers<T.Real>

    package init(output: HeadRows<T>, normalizers: AttentionNormalizers<T.Real>) {
        self.output = output
        self.normalizers = normalizers
    }
}

/// Where the gradients go; `nil` where nobody asks.
package struct AttentionGradients<T: AttentionElement> {
    package var query: HeadRows<T>?
    package var key: HeadRows<T>?
    package var value: HeadRows<T>?

    package init(query: HeadRows<T>?, key: HeadRows<T>?, value: HeadRows<T>?) {
        self.query = query
        self.key = key
        self.value = value
    }
}
