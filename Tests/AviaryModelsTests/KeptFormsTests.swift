import AviaryAutograd
import AviaryLayers
import AviaryOptimizers
import AviaryTensors
import Testing

/// Forms of weights that are kept (packed, cast, with a norm folded in) follow the weights.
struct KeptFormsTests {
    private func block(seed: UInt64) -> SmallConvolutional {
        var random = RandomStream(seed: seed, name: "kept")
        return SmallConvolutional(16, width: 32, classes: 5, random: &random)
    }

    private let images: Tensor = {
        var random = RandomStream(seed: 3, name: "images")
        return random.normalTensor([4, 16, 6, 5], deviation: 1)
    }()

    private func answer(_ block: SmallConvolutional, _ precision: DType?) -> [Float] {
        let pass = Pass(.evaluation, autocast: precision.map { .standard($0) })
        return block(pass.input(images)).tensor.cast(to: .f32).values(as: Float.self)
    }

    /// The same numbers in tensors that nobody has looked at yet.
    private func copied(_ block: SmallConvolutional) throws -> SmallConvolutional {
        let copy = self.block(seed: 9)
        let state = block.stateDictionary().mapValues { tensor in
            tensor.dtype == .f32 ? Tensor(tensor.values(as: Float.self), shape: tensor.shape) : tensor
        }
        _ = try copy.load(state)
        return copy
    }

    @Test(arguments: [nil, DType.bf16, .f16])
    func `an evaluation between steps sees the weights of its time`(precision: DType?) throws {
        let block = block(seed: 1)
        let optimizer = SGD(block.parameters, momentum: 0.9)
        let labels = Tensor([0, 1, 2, 3] as [Int64], shape: [4])
        var answers = [answer(block, precision)]
        for step in 0..<3 {
            let pass = Pass(
                .training, seed: 1, step: UInt32(step), autocast: precision.map { .standard($0) })
            let gradients = softmaxCrossEntropy(block(pass.input(images)), labels: labels).backward()
            pass.applyBufferUpdates()
            optimizer.step(gradients, rate: 0.1)
            answers.append(answer(block, precision))
            #expect(try answers.last == answer(copied(block), precision))
        }
        #expect(Set(answers).count == 4)
    }

    /// oneDNN's own ReLU would make 0 of them.
    @Test(arguments: [nil, DType.bf16])
    func `a weight that is no number is seen in the answer`(precision: DType?) {
        var random = RandomStream(seed: 1, name: "no number")
        let conv = Convolution(16, 16, kernel: 3, padding: 1, hasBias: false, random: &random)
        let norm = BatchNorm(16)
        func answer() -> [Float] {
            let pass = Pass(.evaluation, autocast: precision.map { .standard($0) })
            return norm(conv(pass.input(images)), activation: .relu).tensor.cast(to: .f32)
                .values(as: Float.self)
        }
        let wasFinite = answer().allSatisfy(\.isFinite)
        #expect(wasFinite)
        var weights = conv.weight.value.values(as: Float.self)
        weights[5] = .nan
        conv.weight.value = Tensor(weights, shape: conv.weight.value.shape)
        let hasNone = answer().contains(where: \.isNaN)
        #expect(hasNone, "NaN became a number")
    }

    @Test func `parts of one tensor are folded apart`() {
        var random = RandomStream(seed: 1, name: "parts")
        let weights = random.normalTensor([16, 16, 3, 3], deviation: 0.1)
        let norm = BatchNorm(8)
        func answer(_ weights: Tensor) -> [Float] {
            let pass = Pass(.evaluation)
            return norm(convolution(pass.input(images), weight: pass.input(weights))).tensor
                .values(as: Float.self)
        }
        for part in [0..<8, 8..<16] {
            let view = weights.sliced(part, along: 0)
            let copy = Tensor(view.values(as: Float.self), shape: view.shape)
            #expect(answer(view) == answer(copy))
        }
    }

    @Test func `the same bytes under two shapes are folded apart`() {
        var random = RandomStream(seed: 1, name: "shapes")
        let weights = random.normalTensor([16, 16, 1, 1], deviation: 0.1)
        func answer(_ weights: Tensor, outputs: Int) -> [Float] {
            let (pass, norm) = (Pass(.evaluation), BatchNorm(outputs))
            let source = images.reshaped([4 * 16 / weights.shape[1], weights.shape[1], 6, 5])
            return norm(convolution(pass.input(source), weight: pass.input(weights))).tensor
                .values(as: Float.self)
        }
        for shape in [[16, 16, 1, 1], [8, 32, 1, 1], [32, 8, 1, 1]] {
            let copy = Tensor(weights.values(as: Float.self), shape: shape)
            #expect(
                answer(weights.reshaped(shape), outputs: shape[0]) == answer(copy, outputs: shape[0]))
        }
    }
}
