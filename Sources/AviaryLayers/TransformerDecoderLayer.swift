public import AviaryAutograd
public import AviaryTensors

/// Self-attention, attention to an encoder's output, and a feed-forward network, each with its way around and its norm.
///
/// `B` members, `L` positions, `M` positions of the memory, `E` the width, `H` heads.
///
/// Source: Vaswani et al. 2017, section 3.1; with the norm first Xiong et al. 2020. Named and initialised as PyTorch's
/// `TransformerDecoderLayer` with `batch_first=True`.
public struct TransformerDecoderLayer: Module {
    /// Mixes positions.
    public let selfAttention: MultiHeadAttention
    /// Takes in the memory.
    public let crossAttention: MultiHeadAttention
    /// From the width to the hidden one.
    public let linear1: Linear
    /// And back.
    public let linear2: Linear
    /// Of the self-attention.
    public let norm1: LayerNorm
    /// Of the attention to the memory.
    public let norm2: LayerNorm
    /// Of the feed-forward network.
    public let norm3: LayerNorm
    private let dropout: Dropout
    private let activation: FeedForwardActivation
    private let normalisesFirst: Bool

    /// PyTorch's names.
    public static let stateKeys = ["selfAttention": "self_attn", "crossAttention": "multihead_attn"]

    /// A layer with PyTorch's defaults.
    ///
    /// With `normalisesFirst` the norms stand before the three parts, and not behind their sums.
    public init(
        _ width: Int, heads: Int, hidden: Int = 2048, dropout: Double = 0.1,
        activation: FeedForwardActivation = .relu, normalisesFirst: Bool = false, epsilon: Double = 1e-5,
        random stream: inout RandomStream
    ) {
        selfAttention = MultiHeadAttention(width, heads: heads, dropout: dropout, random: &stream)
        crossAttention = MultiHeadAttention(width, heads: heads, dropout: dropout, random: &stream)
        linear1 = Linear(width, hidden, random: &stream)
        linear2 = Linear(hidden, width, random: &stream)
        norm1 = LayerNorm(width, epsilon: epsilon)
        norm2 = LayerNorm(width, epsilon: epsilon)
        norm3 = LayerNorm(width, epsilon: epsilon)
        self.dropout = Dropout(dropout)
        self.activation = activation
        self.normalisesFirst = normalisesFirst
    }

    /// `[B, L, E]` to the same.
    ///
    /// - Parameters:
    ///   - x: `[B, L, E]`.
    ///   - memory: The encoder's output, `[B, M, E]`.
    ///   - keyMask: `[B, L]` of `bool` or `uint8`: positions that are seen.
    ///   - mask: Broadcasts to `[B, H, L, L]`, as that of `scaledDotProductAttention`.
    ///   - isCausal: A position sees itself and those before.
    ///   - memoryKeyMask: `[B, M]`: positions of the memory that are seen.
    ///   - memoryMask: Broadcasts to `[B, H, L, M]`.
    /// - Returns: `[B, L, E]`.
    public func callAsFunction(
        _ x: Variable, memory: Variable, keyMask: Tensor? = nil, mask: Tensor? = nil, isCausal: Bool = false,
        memoryKeyMask: Tensor? = nil, memoryMask: Tensor? = nil
    ) -> Variable {
        func attend(_ x: Variable) -> Variable {
            selfAttention(x, x, x, keyMask: keyMask, mask: mask, isCausal: isCausal)
        }
        func recall(_ x: Variable) -> Variable {
            crossAttention(x, memory, memory, keyMask: memoryKeyMask, mask: memoryMask)
        }
        func feed(_ x: Variable) -> Variable { feedForward(x, linear1, activation, dropout, linear2) }
        if normalisesFirst {
            let mixed = norm2.withSum(attend(norm1(x)), residual: x, dropout)
            let recalled = norm3.withSum(recall(mixed.normalised), residual: mixed.sum, dropout)
            return recalled.sum + dropout(feed(recalled.normalised))
        }
        let mixed = norm1(attend(x), residual: x, dropout)
        let recalled = norm2(recall(mixed), residual: mixed, dropout)
        return norm3(feed(recalled), residual: recalled, dropout)
    }
}
