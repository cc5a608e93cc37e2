import AviaryAutograd
import AviaryLayers
import AviaryTensors

// Letters: B images, L places, E the width, Q queries.

/// A transformer whose attentions are told the places of pixels and the queries, at each layer anew.
struct DetectorTransformer: Module {
    let encoders: [DetectorEncoderLayer]
    let decoders: [DetectorDecoderLayer]
    let norm: LayerNorm

    static let stateKeys = [
        "encoders": "encoder.layers", "decoders": "decoder.layers", "norm": "decoder.norm",
    ]

    init(
        _ width: Int, heads: Int, hidden: Int, encoders encoderCount: Int, decoders decoderCount: Int,
        random stream: inout RandomStream
    ) {
        encoders = (0..<encoderCount).map { _ in
            DetectorEncoderLayer(width, heads: heads, hidden: hidden, random: &stream)
        }
        decoders = (0..<decoderCount).map { _ in
            DetectorDecoderLayer(width, heads: heads, hidden: hidden, random: &stream)
        }
        norm = LayerNorm(width)
    }

    /// Reads the places and answers the queries.
    ///
    /// - Parameters:
    ///   - x: `[B, L, E]`.
    ///   - places: `[B, L, E]`.
    ///   - queries: `[Q, E]`.
    ///   - keyMask: bool `[B, L]`: places that are seen.
    /// - Returns: The normed output of each layer of the decoder, `[B, Q, E]`.
    func callAsFunction(
        _ x: Variable, places: Variable, queries: Variable, keyMask: Tensor
    ) -> [Variable] {
        var memory = x
        for layer in encoders { memory = layer(memory, places: places, keyMask: keyMask) }
        let queries = queries.broadcast(to: [x.shape[0]] + queries.shape)
        var y = x.pass.input(.zeros(queries.shape))
        return decoders.map { layer in
            y = layer(y, queries: queries, memory: memory, places: places, keyMask: keyMask)
            return norm(y)
        }
    }
}

struct DetectorEncoderLayer: Module {
    let attention: MultiHeadAttention
    let linear1: Linear
    let linear2: Linear
    let norm1: LayerNorm
    let norm2: LayerNorm

    static let stateKeys = ["attention": "self_attn"]

    init(_ width: Int, heads: Int, hidden: Int, random stream: inout RandomStream) {
        attention = MultiHeadAttention(width, heads: heads, random: &stream)
        linear1 = Linear(width, hidden, random: &stream)
        linear2 = Linear(hidden, width, random: &stream)
        norm1 = LayerNorm(width)
        norm2 = LayerNorm(width)
    }

    func callAsFunction(_ x: Variable, places: Variable, keyMask: Tensor) -> Variable {
        let placed = x + places
        let y = norm1(x + attention(placed, placed, x, keyMask: keyMask))
        return norm2(y + linear2(relu(linear1(y))))
    }
}

struct DetectorDecoderLayer: Module {
    let attention: MultiHeadAttention
    let recall: MultiHeadAttention
    let linear1: Linear
    let linear2: Linear
    let norm1: LayerNorm
    let norm2: LayerNorm
    let norm3: LayerNorm

    static let stateKeys = ["attention": "self_attn", "recall": "multihead_attn"]

    init(_ width: Int, heads: Int, hidden: Int, random stream: inout RandomStream) {
        attention = MultiHeadAttention(width, heads: heads, random: &stream)
        recall = MultiHeadAttention(width, heads: heads, random: &stream)
        linear1 = Linear(width, hidden, random: &stream)
        linear2 = Linear(hidden, width, random: &stream)
        norm1 = LayerNorm(width)
        norm2 = LayerNorm(width)
        norm3 = LayerNorm(width)
    }

    func callAsFunction(
        _ x: Variable, queries: Variable, memory: Variable, places: Variable, keyMask: Tensor
    ) -> Variable {
        let asked = x + queries
        let y = norm1(x + attention(asked, asked, x))
        let z = norm2(y + recall(y + queries, memory + places, memory, keyMask: keyMask))
        return norm3(z + linear2(relu(linear1(z))))
    }
}
