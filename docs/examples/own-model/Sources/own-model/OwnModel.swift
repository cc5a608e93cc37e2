import AviaryAutograd
import AviaryLayers
import AviaryTensors

/// Two convolutions and a residual block with a projection shortcut.
struct OwnModel: Layer {
    let conv1: Convolution
    let norm1: BatchNorm
    let conv2: Convolution
    let norm2: BatchNorm
    let block: Block
    let head: Linear

    init(channels: Int, classes: Int, random stream: inout RandomStream) {
        conv1 = Convolution(channels, 8, kernel: 3, random: &stream)
        norm1 = BatchNorm(8)
        conv2 = Convolution(8, 16, kernel: 3, stride: 2, random: &stream)
        norm2 = BatchNorm(16)
        block = Block(16, 32, stride: 2, random: &stream)
        head = Linear(32, classes, random: &stream)
    }

    /// `[N, channels, H, W]` to logits `[N, classes]`.
    func callAsFunction(_ x: Variable) -> Variable {
        let y = relu(norm2(conv2(relu(norm1(conv1(x))))))
        return head(globalAveragePool(block(y)))
    }
}

/// `relu(norm(conv(relu(norm(conv(x))))) + shortcut(x))`.
struct Block: Layer {
    let conv1: Convolution
    let bn1: BatchNorm
    let conv2: Convolution
    let bn2: BatchNorm
    let projection: Convolution
    let projectionNorm: BatchNorm

    // The names that the same block has in PyTorch.
    static let stateKeys = ["projection": "shortcut.0", "projectionNorm": "shortcut.1"]

    init(_ inputs: Int, _ outputs: Int, stride: Int, random stream: inout RandomStream) {
        conv1 = Convolution(inputs, outputs, kernel: 3, stride: stride, random: &stream)
        bn1 = BatchNorm(outputs)
        conv2 = Convolution(outputs, outputs, kernel: 3, random: &stream)
        bn2 = BatchNorm(outputs)
        projection = Convolution(inputs, outputs, kernel: 1, stride: stride, random: &stream)
        projectionNorm = BatchNorm(outputs)
    }

    func callAsFunction(_ x: Variable) -> Variable {
        let y = bn2(conv2(relu(bn1(conv1(x)))))
        return relu(y + projectionNorm(projection(x)))
    }
}
