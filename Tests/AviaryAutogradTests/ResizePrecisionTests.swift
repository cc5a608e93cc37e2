import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Resizes of some hundred pixels against PyTorch's own f32 (`Tests/Oracles/resize.py`).
///
/// A place of 256 is rounded to 1.5e-5 there, and neighbours of noise differ by as much as the greatest pixel: with
/// places in double precision these answers would be off by 6e-6 to 4e-5, with places rounded once instead of twice, or
/// the other way, some by 4e-6 and more.
struct ResizePrecisionTests {
    struct Case: Decodable {
        let name, operation: String
        let shape, size: [Int]
        let alignsCorners, antialias: Bool
        /// Every third number.
        let output, gradient: FixtureTensor
    }

    struct Cases: Decodable {
        let cases: [Case]
    }

    /// The oracle's numbers: multiples of 1/1024 between -1 and 1.
    private func wave(_ shape: [Int], _ seed: Int) -> Tensor {
        let values = (0..<shape.reduce(1, *)).map {
            Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2048) / 1024 - 1
        }
        return Tensor(values, shape: shape)
    }

    @Test func `large images get PyTorch's pixels and gradients in single precision`() throws {
        let cases = try fixture("resize_precision", as: Cases.self).cases
        #expect(cases.count == 16)
        for example in cases {
            let kind = try #require(
                ["bilinear": .bilinear, "bicubic": .bicubic][example.operation] as Interpolation?)
            let x = Pass(.training).input(wave(example.shape, 1), needsGradient: true)
            let y = interpolate(
                x, height: example.size[0], width: example.size[1], by: kind,
                alignsCorners: example.alignsCorners, antialias: example.antialias)
            let gradient = try #require(y.backward(from: wave(y.shape, 2))[x])
            #expect(y.tensor.dtype == .f32)
            // A cubic's weights are differences of numbers up to 8, rounded to 5e-7 each.
            let outputs = everyThird(of: y.tensor)
            expectClose(outputs, example.output.values, within: 2e-6, "\(example.name), output")
            let gradients = everyThird(of: gradient)
            expectClose(gradients, example.gradient.values, within: 2e-6, "\(example.name), gradient")
        }
    }

    private func everyThird(of tensor: Tensor) -> [Double] {
        let numbers = tensor.doubles
        return stride(from: 0, to: numbers.count, by: 3).map { numbers[$0] }
    }
}
