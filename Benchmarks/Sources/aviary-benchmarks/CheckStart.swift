import AviaryLayers
import AviaryTensors
import Foundation

/// What a check starts from, where that is not what a training starts from.
struct CheckStart: Sendable {
    let draw: @Sendable (Int, inout RandomStream) -> Batch
    let prepare: @Sendable (any Module) -> Void
}

extension CheckStart {
    /// For a residual network of images `[C, H, W]`: numbers under which its gradients are more than rounding.
    ///
    /// A ReLU whose input lies within rounding of 0 opens in one program and not in the other, and over random images
    /// with random labels the rows' gradients cancel each other, the roundings' differences do not: from a random start
    /// PyTorch's own two layouts differ by 0.8 % of a gradient's norm in f32 and by 44 % in bf16. So here the rows agree
    /// (two smooth pictures under a little noise, each labelled as itself), and the norms put the inputs of every ReLU
    /// 2.5 deviations from 0, with a small scale, so that the twenty steps stay gentle.
    static func pictures(of extent: [Int]) -> CheckStart {
        CheckStart(
            draw: { count, random in
                let labels = random.integerTensor([count], below: pictureCount)
                let pictures = (0..<pictureCount).map { picture($0, extent) }
                let pixels = labels.values(as: Int64.self).flatMap { pictures[Int($0)] }
                let noise = random.normalTensor([count] + extent, deviation: 0.1)
                return Batch(inputs: Tensor(pixels, shape: noise.shape).adding(noise), labels: labels)
            },
            prepare: { setNorms(of: $0, scale: 0.1, shift: 0.25) })
    }

    private static let pictureCount = 2

    /// The lowest two cosines along each axis, with random factors in every channel; of deviation 1.
    private static func picture(_ number: Int, _ extent: [Int]) -> [Float] {
        var random = RandomStream(seed: 0, name: "picture", UInt32(number))
        let (height, width) = (extent[1], extent[2])
        return (0..<extent[0]).flatMap { _ in
            let factors = (0..<4).map { _ in random.normal() / 1.5 }
            return (0..<height * width).map { place in
                let vertical = cos(.pi * (Double(place / width) + 0.5) / Double(height))
                let horizontal = cos(.pi * (Double(place % width) + 0.5) / Double(width))
                return Float(
                    factors[0] + factors[1] * vertical + factors[2] * horizontal
                        + factors[3] * vertical * horizontal)
            }
        }
    }

    /// Norms are what has running statistics.
    private static func setNorms(of model: any Module, scale: Float, shift: Float) {
        let entries = Dictionary(model.state.map { ($0.key, $0) }) { first, _ in first }
        for key in entries.keys where key.hasSuffix(".running_mean") {
            let norm = key.dropLast("running_mean".count)
            for (name, value) in [("weight", scale), ("bias", shift)] {
                guard let parameter = entries[norm + name]?.parameter else { continue }
                parameter.value = Tensor(repeating: value, shape: parameter.value.shape)
            }
        }
    }
}
