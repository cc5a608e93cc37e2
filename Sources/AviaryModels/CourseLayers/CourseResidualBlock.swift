public import AviaryAutograd
public import AviaryLayers
public import AviaryTensors

// Letters: N images, H rows, W columns.

/// The residual block of the deep-learning course: two 3×3 convolutions, whose result is added to the input.
///
/// Its keys are `conv1`, `bn1`, `conv2`, `bn2`, and `shortcut.0`, `shortcut.1` where the stride is not 1 or
/// the channels change. It is drawn as PyTorch draws convolutions; `ResidualBlock` is the one that our
/// networks use.
///
/// Source: He et al. 2016, figure 2 and equation 2. Equal to PyTorch, forward and backward
/// (course_layers.json).
public struct CourseResidualBlock: Layer {
    let conv1: Convolution
    let bn1: BatchNorm
    let conv2: Convolution
    let bn2: BatchNorm
    /// A 1×1 convolution and its norm, or nothing.
    let shortcut: [any Layer]

    /// A block from `inputs` to `outputs` channels.
    public init(_ inputs: Int, _ outputs: Int, stride: Int = 1, random stream: inout RandomStream) {
        conv1 = Convolution(inputs, outputs, kernel: 3, stride: stride, random: &stream)
        bn1 = BatchNorm(outputs)
        conv2 = Convolution(outputs, outputs, kernel: 3, random: &stream)
        bn2 = BatchNorm(outputs)
        guard stride != 1 || inputs != outputs else {
            shortcut = []
            return
        }
        shortcut = [
            Convolution(inputs, outputs, kernel: 1, stride: stride, random: &stream), BatchNorm(outputs),
        ]
    }

    /// `[N, in, H, W]` to `[N, out, ⌈H / stride⌉, ⌈W / stride⌉]`.
    public func callAsFunction(_ x: Variable) -> Variable {
        let y = bn1(conv1(x), activation: .relu)
        let around = shortcut.reduce(x) { input, layer in layer(input) }
        return bn2(conv2(y), adding: around, activation: .relu)
    }
}
