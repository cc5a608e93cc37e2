import AviaryAutograd
import AviaryLayers
import AviaryTensors

// Letters: B images, H rows and W columns of pixels, h and w of features, E the width, Q queries, K classes.

/// What a layer of the detector's decoder says of each query.
struct DetectorAnswer {
    /// `[B, Q, K + 1]`; the last class is no object.
    let logits: Variable
    /// `[B, Q, 4]`: the centre's x and y, width, height, in shares of the image.
    let boxes: Variable
}

/// DETR over a backbone of two convolutions, whose norms stand still.
///
/// Source: Carion et al. 2020; named as the authors' checkpoints are.
struct SmallDETR: Module {
    let transformer: DetectorTransformer
    let classHead: Linear
    let boxHead: BoxHead
    let queries: Embedding
    let projection: Convolution
    let backbone: DetectorBackbone

    static let stateKeys = [
        "classHead": "class_embed", "boxHead": "bbox_embed", "queries": "query_embed",
        "projection": "input_proj", "backbone": "backbone.0.body",
    ]

    init(
        classes: Int = 4, queries count: Int = 5, width: Int = 32, heads: Int = 4,
        random stream: inout RandomStream
    ) {
        transformer = DetectorTransformer(
            width, heads: heads, hidden: 64, encoders: 1, decoders: 2, random: &stream)
        classHead = Linear(width, classes + 1, random: &stream)
        boxHead = BoxHead(width, random: &stream)
        queries = Embedding(count, width, random: &stream)
        projection = Convolution(16, width, kernel: 1, hasBias: true, random: &stream)
        backbone = DetectorBackbone(random: &stream)
    }

    /// The answers of each layer of the decoder, for images `[B, 3, H, W]`; `mask`, bool `[B, H, W]`, tells them from
    /// their padding.
    func callAsFunction(_ images: Variable, mask: Tensor) -> [DetectorAnswer] {
        let features = projection(backbone(images))  // [B, E, h, w]
        let (batch, width) = (features.shape[0], features.shape[1])
        let count = features.shape[2] * features.shape[3]
        let x = features.reshaped([batch, width, count]).permuted([0, 2, 1])  // [B, hw, E]
        let seen = coarse(mask, like: features, in: images.pass)  // [B, h, w]
        let places = images.pass.input(sinePositions(of: seen, width: width).reshaped([batch, count, width]))
        let outputs = transformer(
            x, places: places, queries: images.pass.use(queries.weight),
            keyMask: seen.reshaped([batch, count]))
        return outputs.map { DetectorAnswer(logits: classHead($0), boxes: boxHead($0)) }
    }

    /// The mask's nearest pixel of each feature: the first of its window.
    private func coarse(_ mask: Tensor, like features: Variable, in pass: Pass) -> Tensor {
        let (rows, columns) = (mask.shape[1], mask.shape[2])
        return pass.input(mask).sliced([
            .all, .range(0..<rows, step: rows / features.shape[2]),
            .range(0..<columns, step: columns / features.shape[3]),
        ]).tensor
    }
}

/// `[B, 3, H, W]` to `[B, 16, H / 4, W / 4]`.
struct DetectorBackbone: Layer {
    let conv1: Convolution
    let norm1: BatchNorm
    let conv2: Convolution
    let norm2: BatchNorm

    static let stateKeys = ["norm1": "bn1", "norm2": "bn2"]

    init(random stream: inout RandomStream) {
        conv1 = Convolution(3, 8, kernel: 3, stride: 2, random: &stream)
        norm1 = BatchNorm(8)
        conv2 = Convolution(8, 16, kernel: 3, stride: 2, random: &stream)
        norm2 = BatchNorm(16)
        norm1.freeze()
        norm2.freeze()
    }

    func callAsFunction(_ x: Variable) -> Variable { relu(norm2(conv2(relu(norm1(conv1(x)))))) }
}

/// Three linear layers: `[B, Q, E]` to boxes `[B, Q, 4]`.
struct BoxHead: Layer {
    let layers: [Linear]

    init(_ width: Int, random stream: inout RandomStream) {
        layers = [width, width, 4].map { Linear(width, $0, random: &stream) }
    }

    func callAsFunction(_ x: Variable) -> Variable {
        sigmoid(layers[2](relu(layers[1](relu(layers[0](x))))))
    }
}
