import AviaryAutograd
import AviaryLayers
import AviaryTensors

// Letters: B texts, L positions, E the width, V words.

/// A batch of texts with some words hidden.
struct HiddenWords {
    /// int64 `[B, L]`; 0 is padding.
    let ids: Tensor
    /// int64 `[B, L]`: 0 or 1.
    let segments: Tensor
    /// bool `[B, L]`: what is no padding.
    let mask: Tensor
    /// int64 `[B, L]`: the words that are hidden, -100 elsewhere.
    let labels: Tensor
}

/// BERT with its head for hidden words, whose matrix is the table of words.
///
/// Source: Devlin et al. 2019; named as the checkpoints of the community are.
struct MaskedLanguageModel: Module {
    let bert: BERT
    let head: HiddenWordHead

    static let stateKeys = ["head": "cls.predictions"]

    init(
        vocabulary: Int = 97, positions: Int = 12, width: Int = 32, depth: Int = 2, heads: Int = 4,
        random stream: inout RandomStream
    ) {
        bert = BERT(
            vocabulary: vocabulary, positions: positions, width: width, depth: depth, heads: heads,
            random: &stream)
        head = HiddenWordHead(table: bert.embeddings.words.weight, random: &stream)
    }

    /// The mean cross entropy of the hidden words.
    func loss(_ batch: HiddenWords, in pass: Pass) -> Variable {
        let logits = head(bert(batch, in: pass))  // [B, L, V]
        let rows = batch.labels.count
        return crossEntropy(
            logits.reshaped([rows, logits.shape[2]]), labels: batch.labels.reshaped([rows]),
            ignoredLabel: -100)
    }
}

/// The encoder.
struct BERT: Module {
    let embeddings: BERTEmbeddings
    let layers: [BERTLayer]

    static let stateKeys = ["layers": "encoder.layer"]

    init(
        vocabulary: Int, positions: Int, width: Int, depth: Int, heads: Int, random stream: inout RandomStream
    ) {
        embeddings = BERTEmbeddings(
            vocabulary: vocabulary, positions: positions, width: width, random: &stream)
        layers = (0..<depth).map { _ in BERTLayer(width, heads: heads, random: &stream) }
    }

    /// `[B, L, E]`.
    func callAsFunction(_ batch: HiddenWords, in pass: Pass) -> Variable {
        var x = embeddings(pass.input(batch.ids), segments: pass.input(batch.segments))
        for layer in layers { x = layer(x, mask: batch.mask) }
        return x
    }
}

/// The sum of three tables' rows: of the word, its position and its segment.
struct BERTEmbeddings: Module {
    let words: Embedding
    let positions: Embedding
    let segments: Embedding
    let norm: LayerNorm

    static let stateKeys = [
        "words": "word_embeddings", "positions": "position_embeddings", "segments": "token_type_embeddings",
        "norm": "LayerNorm",
    ]

    init(vocabulary: Int, positions count: Int, width: Int, random stream: inout RandomStream) {
        words = Embedding(vocabulary, width, paddingIndex: 0, random: &stream)
        positions = Embedding(count, width, random: &stream)
        segments = Embedding(2, width, random: &stream)
        norm = LayerNorm(width, epsilon: 1e-12)
    }

    /// `[B, L]` to `[B, L, E]`.
    func callAsFunction(_ ids: Variable, segments: Variable) -> Variable {
        let length = ids.shape[1]
        let places = ids.pass.input(Tensor(Array(0..<Int64(length)), shape: [length]))
        return norm(words(ids) + positions(places) + self.segments(segments))
    }
}

/// Self-attention, then two linear layers, each with its way around and its norm behind it.
struct BERTLayer: Module {
    let query: Linear
    let key: Linear
    let value: Linear
    let attended: ResidualOutput
    let widened: Linear
    let narrowed: ResidualOutput
    private let heads: Int

    static let stateKeys = [
        "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
        "attended": "attention.output", "widened": "intermediate.dense", "narrowed": "output",
    ]

    init(_ width: Int, heads: Int, random stream: inout RandomStream) {
        query = Linear(width, width, random: &stream)
        key = Linear(width, width, random: &stream)
        value = Linear(width, width, random: &stream)
        attended = ResidualOutput(width, width, random: &stream)
        widened = Linear(width, 4 * width, random: &stream)
        narrowed = ResidualOutput(4 * width, width, random: &stream)
        self.heads = heads
    }

    /// `[B, L, E]` to the same; `mask`, `[B, L]`, says what is seen.
    func callAsFunction(_ x: Variable, mask: Tensor) -> Variable {
        func split(_ y: Variable) -> Variable {
            y.reshaped([y.shape[0], y.shape[1], heads, y.shape[2] / heads]).permuted([0, 2, 1, 3])
        }
        let mixed = scaledDotProductAttention(
            split(query(x)), split(key(x)), split(value(x)),
            mask: mask.reshaped([mask.shape[0], 1, 1, mask.shape[1]]))  // [B, H, L, E / H]
        let y = attended(mixed.permuted([0, 2, 1, 3]).reshaped(x.shape), beside: x)
        return narrowed(gelu(widened(y)), beside: y)
    }
}

/// A linear layer, what goes around it, and the norm of both.
struct ResidualOutput: Module {
    let dense: Linear
    let norm: LayerNorm

    static let stateKeys = ["norm": "LayerNorm"]

    init(_ inputs: Int, _ outputs: Int, random stream: inout RandomStream) {
        dense = Linear(inputs, outputs, random: &stream)
        norm = LayerNorm(outputs, epsilon: 1e-12)
    }

    func callAsFunction(_ x: Variable, beside other: Variable) -> Variable { norm(dense(x) + other) }
}

/// What word stands at each position.
struct HiddenWordHead: Module {
    let bias: Parameter
    let dense: Linear
    let norm: LayerNorm
    let decoder: TiedLinear

    static let stateKeys = ["dense": "transform.dense", "norm": "transform.LayerNorm"]

    init(table: Parameter, random stream: inout RandomStream) {
        let (vocabulary, width) = (table.value.shape[0], table.value.shape[1])
        bias = Parameter(.zeros([vocabulary]))
        dense = Linear(width, width, random: &stream)
        norm = LayerNorm(width, epsilon: 1e-12)
        decoder = TiedLinear(weight: table, bias: bias)
    }

    /// `[B, L, E]` to logits `[B, L, V]`.
    func callAsFunction(_ x: Variable) -> Variable { decoder(norm(gelu(dense(x)))) }
}

/// A linear layer over parameters that others have as well.
struct TiedLinear: Layer {
    let weight: Parameter
    let bias: Parameter

    func callAsFunction(_ x: Variable) -> Variable {
        linear(x, weight: x.pass.use(weight), bias: x.pass.use(bias))
    }
}
