public import AviaryAutograd
public import AviaryTensors

/// Self-attention and a feed-forward network, each with its way around it and its norm.
///
/// `B` members, `L` positions, `E` the width, `H` heads.
///
/// Source: Vaswani et al. 2017, section 3.1; with the norm first Xiong et al. 2020. Named and initialised as PyTorch's
/// `TransformerEncoderLayer` with `batch_first=True`.
public struct TransformerEncoderLayer: Layer {
    /// Mixes positions.
    public let selfAttention: MultiHeadAttention
    /// From the width to the hidden one.
    public let linear1: Linear
    /// And back.
    public let linear2: Linear
    /// Of the attention.
    public let norm1: LayerNorm
    /// Of the feed-forward network.
    public let norm2: LayerNorm
    private let dropout: Dropout
    private let activation: FeedForwardActivation
    private let normalisesFirst: Bool

    /// PyTorch's names.
    public static let stateKeys = ["selfAttention": "self_attn"]

    /// A layer with PyTorch's defaults.
    ///
    /// With `normalisesFirst` the norms stand before the two parts, and not behind their sums.
    public init(
        _ width: Int, heads: Int, hidden: Int = 2048, dropout: Double = 0.1,
        activation: FeedForwardActivation = .relu, normalisesFirst: Bool = false, epsilon: Double = 1e-5,
        random stream: inout RandomStream
    ) {
        selfAttention = MultiHeadAttention(width, heads: heads, dropout: dropout, random: &stream)
        linear1 = Linear(width, hidden, random: &stream)
        linear2 = Linear(hidden, width, random: &stream)
        norm1 = LayerNorm(width, epsilon: epsilon)
        norm2 = LayerNorm(width, epsilon: epsilon)
        self.dropout = Dropout(dropout)
        self.activation = activation
        self.normalisesFirst = normalisesFirst
    }

    /// `[B, L, E]` to the same.
    public func callAsFunction(_ x: Variable) -> Variable { self(x, keyMask: nil) }

    /// `[B, L, E]` to the same.
    ///
    /// - Parameters:
    ///   - x: `[B, L, E]`.
    ///   - keyMask: `[B, L]` of `bool` or `uint8`: positions that are seen.
    ///   - mask: Broadcasts to `[B, H, L, L]`, as that of `scaledDotProductAttention`.
    ///   - isCausal: A position sees itself and those before.
    /// - Returns: `[B, L, E]`.
    public func callAsFunction(
        _ x: Variable, keyMask: Tensor?, mask: Tensor? = nil, isCausal: Bool = false
    ) -> Variable {
        func attend(_ x: Variable) -> Variable {
            selfAttention(x, x, x, keyMask: keyMask, mask: mask, isCausal: isCausal)
        }
        func feed(_ x: Variable) -> Variable { feedForward(x, linear1, activation, dropout, linear2) }
        if normalisesFirst {
            let mixed = norm2.withSum(attend(norm1(x)), residual: x, dropout)
            return mixed.sum + dropout(feed(mixed.normalised))
        }
        let mixed = norm1(attend(x), residual: x, dropout)
        return norm2(feed(mixed), residual: mixed, dropout)
    }
}
