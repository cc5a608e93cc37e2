public import AviaryAutograd
public import AviaryTensors

/// Attention in several heads, each over its own part of the projected width.
///
/// `B` members, `Q` queries, `K` keys, `E` the width, `H` heads. The batch comes first, as with PyTorch's
/// `batch_first=True`. Masks say who takes part, as in `scaledDotProductAttention`: the boolean masks of PyTorch's
/// module say who does not.
///
/// Source: Vaswani et al. 2017, section 3.2.2; named and initialised as PyTorch's `MultiheadAttention`. A query without
/// a key mixes to 0 and leaves as the bias of the output's projection, as there without `need_weights`.
public struct MultiHeadAttention: Layer {
    /// The projections of query, key and value, one below the other: `[3 E, E]`.
    public let inWeight: Parameter
    /// Their biases, `[3 E]`; `nil` where the layer has none.
    public let inBias: Parameter?
    /// The projection of the heads' outputs, side by side.
    public let outProjection: Linear
    private let width: Int
    private let heads: Int
    private let dropout: Double

    /// PyTorch's names.
    public static let stateKeys = [
        "inWeight": "in_proj_weight", "inBias": "in_proj_bias", "outProjection": "out_proj",
    ]

    /// A layer of so many heads; `dropout` is of the attention's probabilities, in training.
    ///
    /// The projections in begin uniform (Glorot and Bengio 2010, over `[3 E, E]` as a whole), biases as zeros.
    public init(
        _ width: Int, heads: Int, dropout: Double = 0, hasBias: Bool = true, random stream: inout RandomStream
    ) {
        guard heads > 0, width > 0, width % heads == 0 else {
            fatalError("multi-head attention: a width of \(width) is no multiple of \(heads) heads")
        }
        let bound = (6 / Double(4 * width)).squareRoot()
        inWeight = Parameter(stream.uniformTensor([3 * width, width], bound: bound))
        inBias = hasBias ? Parameter(.zeros([3 * width])) : nil
        outProjection = Linear(width, width, hasBias: hasBias, random: &stream)
        outProjection.bias?.value = .zeros([width])
        (self.width, self.heads, self.dropout) = (width, heads, dropout)
    }

    /// Self-attention without a mask: `[B, Q, E]` to the same.
    public func callAsFunction(_ x: Variable) -> Variable { self(x, x, x) }

    /// Mixes the values for each query.
    ///
    /// - Parameters:
    ///   - query: `[B, Q, E]`.
    ///   - key: `[B, K, E]`.
    ///   - value: `[B, K, E]`.
    ///   - keyMask: `[B, K]` of `bool` or `uint8`: keys that take part; PyTorch's `key_padding_mask` the other way round.
    ///   - mask: Broadcasts to `[B, H, Q, K]`, as that of `scaledDotProductAttention`.
    ///   - isCausal: Query `i` sees keys `0...i`.
    /// - Returns: `[B, Q, E]`.
    public func callAsFunction(
        _ query: Variable, _ key: Variable, _ value: Variable, keyMask: Tensor? = nil, mask: Tensor? = nil,
        isCausal: Bool = false
    ) -> Variable {
        if let keyMask, keyMask.shape != Array(key.shape.prefix(2)) {
            shapeMistake("multi-head attention's keys and their mask", key.shape, keyMask.shape)
        }
        let mask = combined(mask, keyMask)
        // What attends to itself is projected by one product, whose output is read in parts where it lies.
        if query.isSame(as: key), query.isSame(as: value) {
            let projected = linear(
                checked(query, .query), weight: query.pass.use(inWeight), bias: inBias.map(query.pass.use))
            return outProjection(
                selfAttention(
                    projected: projected, heads: heads, mask: mask, isCausal: isCausal, dropout: dropout))
        }
        let mixed = scaledDotProductAttention(
            projected(query, .query), projected(key, .key), projected(value, .value), mask: mask,
            isCausal: isCausal, dropout: dropout)  // [B, H, Q, E / H]
        let rows = mixed.permuted([0, 2, 1, 3]).reshaped([query.shape[0], query.shape[1], width])
        return outProjection(rows)
    }

    private enum Part: Int { case query, key, value }

    /// The operand, which has to be `[B, L, E]`.
    private func checked(_ x: Variable, _ part: Part) -> Variable {
        guard x.shape.count == 3, x.shape[2] == width else {
            shapeMistake("multi-head attention's \(part)", x.shape, "[batch, length, \(width)]")
        }
        return x
    }

    /// `[B, L, E]` to one part's `[B, H, L, E / H]`.
    private func projected(_ x: Variable, _ part: Part) -> Variable {
        // Three products with parts of the weight: the three operands differ.
        let own = part.rawValue * width..<(part.rawValue + 1) * width
        let rows = linear(
            checked(x, part), weight: x.pass.use(inWeight).sliced(own, along: 0),
            bias: inBias.map { x.pass.use($0).sliced(own, along: 0) })  // [B, L, E]
        return rows.reshaped([x.shape[0], x.shape[1], heads, width / heads]).permuted([0, 2, 1, 3])
    }

    private func combined(_ mask: Tensor?, _ keyMask: Tensor?) -> Tensor? {
        guard let keyMask else { return mask }
        return mask?.attentionMask(restrictedTo: keyMask)
            ?? keyMask.reshaped([keyMask.shape[0], 1, 1, keyMask.shape[1]])
    }
}
