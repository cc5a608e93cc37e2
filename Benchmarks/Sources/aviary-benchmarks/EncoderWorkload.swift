import AviaryAutograd
import AviaryLayers
import AviaryOptimizers
import AviaryTensors

// Letters: B members, L positions, E the width.

/// BERT-mini as a classifier of 128 tokens.
let encoderWorkload = Workload(
    name: "bert-mini", variants: [.f32, .bf16], rate: 1e-4, batchSize: 32, inferenceBatches: [1, 32],
    draw: { count, random in
        Batch(
            inputs: random.integerTensor([count, 128], below: Encoder.vocabulary),
            labels: random.integerTensor([count], below: Encoder.classes))
    },
    makeTrainee: { _, drops, random in
        let model = Encoder(dropout: drops ? 0.1 : 0, random: &random)
        return Trainee(model, AdamW(model.parameters))
    })

/// BERT's encoder, post-norm with learned positions and GELU, and a classifier on token 0.
private struct Encoder: Layer {
    static let (vocabulary, classes) = (30_522, 2)

    let word: Embedding
    let position: Embedding
    let norm: LayerNorm
    let dropout: Dropout
    let layers: [TransformerEncoderLayer]
    let head: Linear

    init(width: Int = 256, heads: Int = 4, depth: Int = 4, dropout: Double, random stream: inout RandomStream)
    {
        word = Embedding(Self.vocabulary, width, random: &stream)
        position = Embedding(512, width, random: &stream)
        norm = LayerNorm(width, epsilon: 1e-12)
        self.dropout = Dropout(dropout)
        layers = (0..<depth).map { _ in
            TransformerEncoderLayer(
                width, heads: heads, hidden: 4 * width, dropout: dropout, activation: .gelu, random: &stream)
        }
        head = Linear(width, Self.classes, random: &stream)
    }

    /// Ids `[B, L]` to logits `[B, classes]`.
    func callAsFunction(_ ids: Variable) -> Variable {
        let positions = ids.pass.use(position.weight).sliced(0..<ids.shape[1], along: 0)  // [L, E]
        var x = dropout(norm(word(ids) + positions))  // [B, L, E]
        for layer in layers { x = layer(x) }
        return head(x.sliced(0..<1, along: 1).squeezed(1))  // [B, E] → [B, classes]
    }
}
