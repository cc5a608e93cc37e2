import AviaryAutograd
import AviaryLayers
import AviaryTensors

/// A convolution with its norm, pooled over the whole image, and a head.
struct SmallConvolutional: Layer {
    let conv: Convolution
    let norm: BatchNorm
    let head: Linear

    init(_ channels: Int, width: Int, classes: Int, random stream: inout RandomStream) {
        conv = Convolution(channels, width, kernel: 3, random: &stream)
        norm = BatchNorm(width)
        head = Linear(width, classes, random: &stream)
    }

    /// `[N, channels, H, W]` to `[N, classes]`.
    func callAsFunction(_ x: Variable) -> Variable { head(globalAveragePool(relu(norm(conv(x))))) }
}
