public import AviaryAutograd
public import AviaryLayers
public import AviaryTensors

// Letters: N sequences, Q queries, K keys, H heads, D numbers a head, E = H · D.

/// The self-attention of the deep-learning course, whose heads share their projections.
///
/// It differs from PyTorch's `MultiheadAttention` in three ways: each projection is one matrix `[D, D]`
/// without bias, used by all heads after the split; scores are divided by √E, not √D; a hidden key has the
/// score -1e20 before that division, so that a query which sees nothing looks at all keys alike instead of
/// becoming NaN.
///
/// Keys: `values`, `keys`, `queries`, `fc_out`. Source: Vaswani et al. 2017, equation 1, with these changes.
/// The course's listing declares the projections and leaves out their calls; here they are applied. Equal to
/// PyTorch, forward and backward (course_layers.json).
public struct SharedHeadAttention: Module {
    let values: Linear
    let keys: Linear
    let queries: Linear
    let output: Linear
    private let width: Int
    private let heads: Int

    /// The course's name of the last layer.
    public static let stateKeys = ["output": "fc_out"]

    /// Attention over sequences of `width` numbers (E); the heads divide them evenly, or the program stops.
    public init(_ width: Int, heads: Int, random stream: inout RandomStream) {
        guard heads > 0, width.isMultiple(of: heads) else {
            fatalError("attention: a width of \(width) cannot be divided among \(heads) heads")
        }
        let depth = width / heads
        values = Linear(depth, depth, hasBias: false, random: &stream)
        keys = Linear(depth, depth, hasBias: false, random: &stream)
        queries = Linear(depth, depth, hasBias: false, random: &stream)
        output = Linear(width, width, random: &stream)
        (self.width, self.heads) = (width, heads)
    }

    /// Mixes the values of all positions, weighted by how well their keys fit the query.
    ///
    /// - Parameters:
    ///   - value: `[N, K, E]`.
    ///   - key: `[N, K, E]`.
    ///   - query: `[N, Q, E]`.
    ///   - mask: Broadcast to `[N, H, Q, K]`; not 0 where a key is seen.
    /// - Returns: `[N, Q, E]`.
    public func callAsFunction(
        value: Variable, key: Variable, query: Variable, mask: Tensor? = nil
    ) -> Variable {
        let (v, k, q) = (values(split(value)), keys(split(key)), queries(split(query)))  // [N, K or Q, H, D]
        var scores = einsum("nqhd,nkhd->nhqk", q, k)  // [N, H, Q, K]
        if let mask { scores = select(where: mask, scores, scores.constant(-1e20)) }
        let weights = softmax(scores / Double(width).squareRoot(), axis: 3)  // [N, H, Q, K]
        let mixed = einsum("nhqk,nkhd->nqhd", weights, v)  // [N, Q, H, D]
        return output(mixed.reshaped(query.shape))  // [N, Q, E]
    }

    private func split(_ x: Variable) -> Variable {
        guard x.shape.count == 3, x.shape[2] == width else {
            shapeMistake("shared-head attention", x.shape, "[N, length, \(width)]")
        }
        return x.reshaped([x.shape[0], x.shape[1], heads, width / heads])
    }
}
