public import AviaryAutograd
public import AviaryTensors

/// A table with a row for each id.
public struct Embedding: Layer {
    /// `[V, D]`.
    public let weight: Parameter
    private let paddingIndex: Int?
    private let isSparse: Bool

    /// A table of `count` rows of `width` numbers, drawn as PyTorch draws them: standard normal.
    ///
    /// The row at `paddingIndex` starts as zeros and has no gradient; a negative one counts from the end. With
    /// `isSparse` an optimizer lets rows rest that were not looked up, and the cost of a training step follows the
    /// number of the others: for tables of many rows.
    public init(
        _ count: Int, _ width: Int, paddingIndex: Int? = nil, isSparse: Bool = false,
        random stream: inout RandomStream
    ) {
        var rows = stream.normalTensor([count, width], deviation: 1).values(as: Float.self)
        if let paddingIndex {
            let paddingIndex = paddingRow(paddingIndex, of: count)
            for i in 0..<width { rows[paddingIndex * width + i] = 0 }
        }
        weight = Parameter(Tensor(rows, shape: [count, width]))
        self.paddingIndex = paddingIndex
        self.isSparse = isSparse
    }

    /// The rows at int64 or int32 ids of any shape: `[ids…, D]`.
    public func callAsFunction(_ x: Variable) -> Variable {
        embedding(x.tensor, weight: x.pass.use(weight), paddingIndex: paddingIndex, isSparse: isSparse)
    }
}
