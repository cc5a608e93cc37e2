import AviaryAutograd
import AviaryLayers
import AviaryTensors
import AviaryTestSupport
import Testing

/// What is frozen stands still, whatever the pass's mode.
struct FreezingTests {
    private struct Network: Layer {
        let conv: Convolution
        let norm: BatchNorm
        let head: Linear

        init() {
            var stream = RandomStream(seed: 1, name: "freezing")
            conv = Convolution(2, 3, kernel: 3, random: &stream)
            norm = BatchNorm(3)
            head = Linear(3, 2, random: &stream)
        }

        func callAsFunction(_ x: Variable) -> Variable {
            head(globalAveragePool(relu(norm(conv(x)))))
        }
    }

    private var images: Tensor {
        var stream = RandomStream(seed: 2, name: "images")
        return stream.normalTensor([4, 2, 5, 5], deviation: 2)
    }

    @Test func `a frozen parameter gets no gradient, the others theirs`() throws {
        let model = Network()
        try model.freeze("conv")
        let gradients = model(Pass(.training).input(images)).sum.backward()
        #expect(gradients[model.conv.weight] == nil)
        for parameter in [model.norm.weight, model.norm.bias, model.head.weight] {
            #expect(gradients[try #require(parameter)] != nil)
        }
    }

    @Test func `the gradient passes through a frozen part`() throws {
        let model = Network()
        let before = try gradientOfConvolution(model)
        #expect(before.contains { $0 != 0 })
        try model.freeze("head")
        #expect(try gradientOfConvolution(model) == before)
    }

    private func gradientOfConvolution(_ model: Network) throws -> [Double] {
        let gradients = model(Pass(.training).input(images)).sum.backward()
        return try #require(gradients[model.conv.weight]).doubles
    }

    @Test func `nothing is recorded where everything is frozen`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let layer = LayerNorm(3)
            layer.freeze()
            _ = layer(Pass(.training).input(.zeros([1, 3]))).sum.backward()
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("nothing was recorded"))
    }

    @Test func `a frozen batch norm uses its statistics in training and changes nothing`() throws {
        let model = Network()
        let warm = Pass(.training)
        _ = model(warm.input(images))
        warm.applyBufferUpdates()
        // With a way back, so that the norm is not folded into the convolution, which rounds otherwise.
        let evaluation = Pass(.evaluation, recordsGradients: true)
        let evaluated = model(evaluation.input(images)).tensor.doubles
        #expect(model(Pass(.training).input(images)).tensor.doubles != evaluated)

        try model.freeze("norm")
        let statistics = model.norm.state.map(\.value.scalarsAsDoubles)
        let pass = Pass(.training)
        let output = model(pass.input(images))
        #expect(output.tensor.doubles == evaluated)
        let gradients = output.sum.backward()
        pass.applyBufferUpdates()
        #expect(model.norm.state.map(\.value.scalarsAsDoubles) == statistics)
        #expect(gradients[try #require(model.norm.weight)] == nil)
        #expect(gradients[try #require(model.norm.bias)] == nil)
        #expect(gradients[model.conv.weight] != nil)

        try model.unfreeze("norm")
        #expect(model(Pass(.training).input(images)).tensor.doubles != evaluated)
    }

    @Test func `statistics alone can be frozen, then scale and shift still learn`() throws {
        let norm = BatchNorm(2)
        norm.runningMean?.isFrozen = true
        norm.runningVariance?.isFrozen = true
        let x = Tensor((0..<8).map { Float($0) }, shape: [2, 2, 2, 1])
        let pass = Pass(.training)
        let gradients = norm(pass.input(x)).sum.backward()
        pass.applyBufferUpdates()
        #expect(gradients[try #require(norm.bias)]?.doubles == [4, 4])
        #expect(norm.runningMean?.value.doubles == [0, 0])
    }

    @Test func `a frozen buffer drops what a pass would make of it, and can still be loaded`() throws {
        let norm = BatchNorm(1)
        norm.batchCount?.isFrozen = true
        let pass = Pass(.training)
        _ = norm(pass.input(Tensor([1, 2] as [Float], shape: [2, 1, 1, 1])))
        pass.applyBufferUpdates()
        #expect(norm.batchCount?.value.scalar == 0)
        #expect(try #require(norm.runningMean).value.scalar != 0)
        norm.batchCount?.value = Tensor(7 as Int64)
        #expect(norm.batchCount?.value.scalar == 7)
    }

    @Test func `freezing and unfreezing a whole model reaches parameters and buffers`() {
        let model = Network()
        model.freeze()
        #expect(model.state.allSatisfy { $0.isFrozen })
        model.unfreeze()
        #expect(!model.state.contains { $0.isFrozen })
    }

    @Test func `a path is a whole key or the labels in front of it`() throws {
        let model = Network()
        try model.freeze("head.weight")
        #expect(model.state.filter(\.isFrozen).map(\.key) == ["head.weight"])
    }

    @Test func `a path that leads nowhere is refused and near ones are named`() throws {
        let model = Network()
        let error = #expect(throws: ModulePathError.self) { try model.freeze("haed") }
        #expect(error?.description == "the model has nothing at 'haed'; near: head")
        #expect(throws: ModulePathError.nothingThere(path: "encoder.layers", near: [])) {
            try model.freeze("encoder.layers")
        }
        // Half a label is not a path.
        #expect(throws: ModulePathError.self) { try model.unfreeze("hea") }
        #expect(!model.state.contains { $0.isFrozen })
    }
}

extension Tensor {
    /// Numbers of any kind.
    fileprivate var scalarsAsDoubles: [Double] { cast(to: .f64).doubles }
}
