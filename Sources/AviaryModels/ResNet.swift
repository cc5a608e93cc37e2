public import AviaryAutograd
public import AviaryLayers
public import AviaryTensors

// Letters: N images, C channels, H rows, W columns.

/// How a residual block brings its input to a new extent.
public enum Shortcut: String, Sendable, CaseIterable {
    /// Every second pixel, zero channels added: no parameters (option A).
    case identityPad = "identity-pad"
    /// A 1×1 convolution with batch norm (option B).
    case projection
}

/// Two 3×3 convolutions, whose result is added to the input.
///
/// Source: He et al. 2016, figure 2 and equation 1.
public struct ResidualBlock: Layer {
    let conv1: Convolution
    let norm1: BatchNorm
    let conv2: Convolution
    let norm2: BatchNorm
    let shortcut: ShortcutPath

    /// A block from `inputs` to `outputs` channels.
    public init(
        _ inputs: Int, _ outputs: Int, stride: Int = 1, shortcut: Shortcut, random stream: inout RandomStream
    ) {
        let he = Initialisation.kaimingNormalFanOut
        conv1 = Convolution(inputs, outputs, kernel: 3, stride: stride, initialisation: he, random: &stream)
        norm1 = BatchNorm(outputs)
        conv2 = Convolution(outputs, outputs, kernel: 3, initialisation: he, random: &stream)
        norm2 = BatchNorm(outputs)
        self.shortcut = ShortcutPath(inputs, outputs, stride: stride, kind: shortcut, random: &stream)
    }

    /// `[N, in, H, W]` to `[N, out, ⌈H / stride⌉, ⌈W / stride⌉]`.
    public func callAsFunction(_ x: Variable) -> Variable {
        let y = norm1(conv1(x), activation: .relu)
        return norm2(conv2(y), adding: shortcut(x), activation: .relu)
    }
}

/// The way around a block: nothing, padding, or a projection under the keys `shortcut.0` and `shortcut.1`.
struct ShortcutPath: Layer {
    private let convolution: Convolution?
    private let norm: BatchNorm?
    private let outputs: Int
    private let stride: Int
    private let isIdentity: Bool

    static let stateKeys = ["convolution": "0", "norm": "1"]

    init(_ inputs: Int, _ outputs: Int, stride: Int, kind: Shortcut, random stream: inout RandomStream) {
        isIdentity = stride == 1 && inputs == outputs
        let projects = kind == .projection && !isIdentity
        convolution =
            projects
            ? Convolution(
                inputs, outputs, kernel: 1, stride: stride, initialisation: .kaimingNormalFanOut,
                random: &stream)
            : nil
        norm = projects ? BatchNorm(outputs) : nil
        self.outputs = outputs
        self.stride = stride
    }

    func callAsFunction(_ x: Variable) -> Variable {
        if isIdentity { return x }
        guard let convolution, let norm else { return identityPad(x, channels: outputs, stride: stride) }
        return norm(convolution(x))
    }
}

/// The residual network for small images: a 3×3 stem without pooling, and stages of which each but the first halves
/// the extent.
///
/// The head is a slot: `replace("head", with: Linear(64, 5, random: &stream))` makes one for other classes.
///
/// Source: He et al. 2016, section 4.2 (6n + 2 layers); by widths and blocks the four stages of its table 1.
public struct SmallImageResNet: Layer {
    let stem: Stem
    let stages: [[ResidualBlock]]
    let head: Slot

    /// Depths of the form 6n + 2 that the family has here.
    public static let depths = [8, 20, 32, 44, 56]

    /// A network of `depth` layers (6n + 2) over images of so many channels: three stages of 16, 32 and 64 channels.
    public init(
        depth: Int, channels: Int = 1, classes: Int = 10, shortcut: Shortcut = .identityPad,
        random stream: inout RandomStream
    ) {
        guard depth >= 8, (depth - 2).isMultiple(of: 6) else {
            fatalError("ResNet: depth \(depth) is not 6n + 2; there are \(Self.depths)")
        }
        self.init(
            widths: [16, 32, 64], blocks: [Int](repeating: (depth - 2) / 6, count: 3), channels: channels,
            classes: classes, shortcut: shortcut, random: &stream)
    }

    /// A network with a stage for each of `widths`, of as many blocks as `blocks` says at that place.
    ///
    /// Widths 64, 128, 256, 512 with two blocks each are ResNet-18 as it is trained on 32×32 images.
    public init(
        widths: [Int], blocks: [Int], channels: Int = 1, classes: Int = 10, shortcut: Shortcut = .projection,
        random stream: inout RandomStream
    ) {
        guard let first = widths.first, let last = widths.last, widths.count == blocks.count,
            blocks.allSatisfy({ $0 > 0 })
        else {
            fatalError("ResNet: widths \(widths) and blocks \(blocks); takes one of each for every stage")
        }
        stem = Stem(channels, first, random: &stream)
        var inputs = first
        stages = widths.indices.map { stage in
            (0..<blocks[stage]).map { index in
                let (width, stride) = (widths[stage], index == 0 && stage > 0 ? 2 : 1)
                defer { inputs = width }
                return ResidualBlock(inputs, width, stride: stride, shortcut: shortcut, random: &stream)
            }
        }
        head = Slot(Linear(last, classes, random: &stream))
    }

    /// `[N, channels, H, W]` to logits `[N, classes]`.
    public func callAsFunction(_ x: Variable) -> Variable {
        var y = stem(x)  // [N, widths[0], H, W]
        for stage in stages {
            for block in stage { y = block(y) }
        }
        return head(globalAveragePool(y))  // [N, widths.last] → [N, classes]
    }
}

/// The first convolution with its norm and ReLU.
struct Stem: Layer {
    let conv: Convolution
    let norm: BatchNorm

    init(_ inputs: Int, _ outputs: Int, random stream: inout RandomStream) {
        conv = Convolution(inputs, outputs, kernel: 3, initialisation: .kaimingNormalFanOut, random: &stream)
        norm = BatchNorm(outputs)
    }

    func callAsFunction(_ x: Variable) -> Variable {
        norm(conv(x), activation: .relu)
    }
}
