public import AviaryAutograd
public import AviaryLayers
public import AviaryTensors

// Letters: N images, C channels, H rows, W columns, P rows and columns of a patch, L = H W / P² patches of an image,
// D the width of a token.

/// A transformer's encoder over the patches of small images: a vision transformer.
///
/// Norms stand first, as in the paper: the way around each part then stays a plain sum, and a training of few epochs
/// bears a high rate from early on (Xiong et al. 2020). Unlike there, it is not a class token that answers but the mean
/// of all tokens: 7×7 patches are 49 tokens, and short trainings reach more that way (Beyer et al. 2022).
///
/// The head is a slot: `replace("head", with: Linear(128, 5, random: &stream))` makes one for other classes.
///
/// Source: Dosovitskiy et al. 2021, equations 1 to 4.
public struct PatchEncoder: Layer {
    /// How large an encoder is.
    public struct Size: Sendable, Equatable {
        /// Of which each mixes positions, then works on each alone.
        public var layers: Int
        /// Features of a token, D.
        public var width: Int
        /// Of each attention.
        public var heads: Int
        /// Features between a layer's two linear ones.
        public var hidden: Int

        /// A size by its four numbers.
        public init(layers: Int, width: Int, heads: Int, hidden: Int) {
            (self.layers, self.width, self.heads, self.hidden) = (layers, width, heads, hidden)
        }

        /// That of the smallest BERT.
        ///
        /// Source: Turc et al. 2019, table 1.
        public static let bertTiny = Size(layers: 2, width: 128, heads: 2, hidden: 512)
    }

    let positions: Parameter  // [L, D]
    let embedding: Linear
    let layers: [TransformerEncoderLayer]
    let norm: LayerNorm
    let head: Slot
    private let dropout: Dropout
    private let patches: Patches

    /// An encoder for images of exactly this extent.
    ///
    /// Positions begin normal with a deviation of 0.5, about that of embedded patches (1/√3, where pixels have 1): with
    /// BERT's 0.02, which the paper's code takes, a training of few epochs loses its first hundred steps to making places
    /// count. All else begins as in PyTorch. Stops the program where an image is no whole number of patches, or the width
    /// no multiple of the heads.
    ///
    /// - Parameters:
    ///   - channels: C.
    ///   - height: H, in pixels.
    ///   - width: W, in pixels.
    ///   - patch: P, in pixels.
    ///   - size: How large the encoder is.
    ///   - classes: How many logits an image gets.
    ///   - dropout: How likely an element is dropped in training: of the embedded patches, of attention's
    ///     probabilities, between a layer's two linear ones, and of what each part adds.
    ///   - stream: What parameters are drawn from.
    public init(
        channels: Int = 1, height: Int = 28, width: Int = 28, patch: Int = 4, size: Size = .bertTiny,
        classes: Int = 10, dropout: Double = 0.1, random stream: inout RandomStream
    ) {
        guard size.layers > 0, size.width > 0, size.hidden > 0, classes > 0 else {
            fatalError("patch encoder: takes a size and classes above 0, given were \(size) and \(classes)")
        }
        patches = Patches(channels: channels, height: height, width: width, extent: patch)
        positions = Parameter(
            Initialisation.normal(deviation: 0.5).weights([patches.count, size.width], from: &stream))
        embedding = Linear(patches.pixelCount, size.width, random: &stream)
        layers = (0..<size.layers).map { _ in
            TransformerEncoderLayer(
                size.width, heads: size.heads, hidden: size.hidden, dropout: dropout, activation: .gelu,
                normalisesFirst: true, random: &stream)
        }
        norm = LayerNorm(size.width)
        head = Slot(Linear(size.width, classes, random: &stream))
        self.dropout = Dropout(dropout)
    }

    /// `[N, C, H, W]` to logits `[N, classes]`.
    public func callAsFunction(_ x: Variable) -> Variable {
        let embedded = embedding(patches(of: x)) + x.pass.use(positions)  // [N, L, D], equation 1
        var tokens = dropout(embedded)
        for layer in layers { tokens = layer(tokens) }  // equations 2 and 3
        return head(norm(tokens).mean(over: [1]))  // [N, D] → [N, classes], equation 4
    }
}

/// How images are cut into square patches, which do not overlap.
private struct Patches {
    let channels, height, width, extent: Int

    init(channels: Int, height: Int, width: Int, extent: Int) {
        guard channels > 0, height > 0, width > 0, extent > 0, height.isMultiple(of: extent),
            width.isMultiple(of: extent)
        else {
            fatalError(
                "patch encoder: an image [\(channels), \(height), \(width)] is no whole number of patches of "
                    + "\(extent) by \(extent) pixels")
        }
        (self.channels, self.height, self.width, self.extent) = (channels, height, width, extent)
    }

    /// L.
    var count: Int { height / extent * (width / extent) }

    /// Numbers of a patch, C P².
    var pixelCount: Int { channels * extent * extent }

    /// `[N, C, H, W]` to `[N, L, C P²]`: patches row by row, the numbers of each as those of a convolution's kernel.
    func callAsFunction(of x: Variable) -> Variable {
        guard x.shape.count == 4, Array(x.shape.dropFirst()) == [channels, height, width] else {
            shapeMistake("patch encoder", x.shape, "[N, \(channels), \(height), \(width)]")
        }
        let (rows, columns) = (height / extent, width / extent)
        return x.reshaped([x.shape[0], channels, rows, extent, columns, extent])
            .permuted([0, 2, 4, 1, 3, 5])  // [N, H / P, W / P, C, P, P]
            .reshaped([x.shape[0], count, pixelCount])
    }
}
