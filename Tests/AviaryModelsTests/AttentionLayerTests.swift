import AviaryAutograd
import AviaryLayers
import AviaryTensors
import AviaryTestSupport
import Testing

/// Layers with attention against PyTorch's (`Tests/Oracles/attention.py`), their names and beginnings.
struct AttentionLayerTests {
    private struct Case: Decodable {
        struct Settings: Decodable {
            let width, heads: Int
            let hidden: Int?
            let hasBias, normalisesFirst: Bool?
            let activation: String?
        }
        let name, kind: String
        let settings: Settings
        let state, masks, stateGradients: [String: FixtureTensor]
        let inputs, gradients: [FixtureTensor]
        let isCausal: Bool
        let output, upstream: FixtureTensor
    }

    private struct Fixture: Decodable { let layers: [Case] }

    @Test func `equal PyTorch with its weights, in values and all gradients`() throws {
        let cases = try fixture("attention_layers", as: Fixture.self).layers
        #expect(
            cases.map(\.kind).sorted() == [
                "attention", "attention", "decoder", "decoder", "encoder", "encoder",
            ])
        for example in cases { try check(example) }
    }

    private func check(_ example: Case) throws {
        let (layer, call) = try layer(for: example)
        #expect(Set(layer.state.map(\.key)) == Set(example.state.keys), "\(example.name)")
        for entry in layer.state {
            guard case .parameter(let parameter) = entry.holder else { continue }
            parameter.value = try #require(example.state[entry.key], "\(entry.key)").tensor
        }
        let pass = Pass(.training)
        let inputs = example.inputs.map { pass.input($0.tensor, needsGradient: true) }
        let output = call(inputs, example.masks.mapValues { $0.tensor.cast(to: .bool) })
        // f32: a few products, norms and a softmax after one another, each with a handful of roundings of 6e-8.
        example.output.isClose(to: output.tensor, within: 1e-5, example.name)
        let gradients = output.backward(from: example.upstream.tensor)
        for (index, (input, expected)) in zip(inputs, example.gradients).enumerated() {
            let gradient = try #require(gradients[input], "\(example.name), input \(index)")
            expected.isClose(to: gradient, within: 1e-5, "\(example.name), gradient \(index)")
        }
        try checkParameters(of: layer, gradients, example)
    }

    private func checkParameters(of layer: any Module, _ gradients: Gradients, _ example: Case) throws {
        // Whatever is added to every key's projection, softmax stays: a bias there has a gradient of 0, which
        // rounding leaves near it. So all are compared beside the greatest of the layer.
        let scale = example.stateGradients.values.flatMap(\.values).map(abs).max() ?? 0
        for entry in layer.state {
            guard case .parameter(let parameter) = entry.holder else { continue }
            let gradient = try #require(gradients[parameter], "\(example.name), \(entry.key)")
            let expected = try #require(example.stateGradients[entry.key])
            #expect(gradient.shape == expected.shape)
            let worst = zip(gradient.doubles, expected.values).map { abs($0 - $1) }.max() ?? 0
            #expect(worst <= 1e-5 * scale, "\(example.name), \(entry.key): differs by \(worst) of \(scale)")
        }
    }

    private typealias Call = ([Variable], [String: Tensor]) -> Variable

    private func layer(for example: Case) throws -> (layer: any Module, call: Call) {
        var stream = RandomStream(seed: 2, name: "attention layers")
        let (s, isCausal) = (example.settings, example.isCausal)
        if example.kind == "attention" {
            let layer = MultiHeadAttention(
                s.width, heads: s.heads, hasBias: s.hasBias ?? true, random: &stream)
            return (
                layer,
                { x, masks in
                    layer(
                        x[0], x[x.count > 1 ? 1 : 0], x[x.count > 2 ? 2 : 0], keyMask: masks["keys"],
                        mask: masks["pairs"])
                }
            )
        }
        let hidden = try #require(s.hidden)
        let activation = try #require(FeedForwardActivation(rawValue: s.activation ?? ""))
        if example.kind == "encoder" {
            let layer = TransformerEncoderLayer(
                s.width, heads: s.heads, hidden: hidden, dropout: 0, activation: activation,
                normalisesFirst: s.normalisesFirst == true, random: &stream)
            return (layer, { x, masks in layer(x[0], keyMask: masks["keys"], isCausal: isCausal) })
        }
        let layer = TransformerDecoderLayer(
            s.width, heads: s.heads, hidden: hidden, dropout: 0, activation: activation,
            normalisesFirst: s.normalisesFirst == true, random: &stream)
        return (
            layer,
            { x, masks in
                layer(x[0], memory: x[1], isCausal: isCausal, memoryKeyMask: masks["memoryKeys"])
            }
        )
    }

    // MARK: Names and beginnings

    @Test func `names, shapes and order are those of PyTorch`() {
        var stream = RandomStream(seed: 2, name: "attention layers")
        let attention = ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"]
        let feedForward = ["linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"]
        let norms = ["norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"]
        let layer = MultiHeadAttention(32, heads: 4, random: &stream)
        #expect(layer.state.map(\.key) == attention)
        #expect(layer.state.map(\.value.shape) == [[96, 32], [96], [32, 32], [32]])
        #expect(layer.parameterCount == 4224)
        let encoder = TransformerEncoderLayer(32, heads: 4, hidden: 64, random: &stream)
        #expect(encoder.state.map(\.key) == attention.map { "self_attn." + $0 } + feedForward + norms)
        #expect(encoder.parameterCount == 8544)
        let decoder = TransformerDecoderLayer(32, heads: 4, hidden: 64, random: &stream)
        #expect(
            decoder.state.map(\.key)
                == attention.map { "self_attn." + $0 } + attention.map { "multihead_attn." + $0 }
                + feedForward
                + norms + ["norm3.weight", "norm3.bias"])
        let plain = MultiHeadAttention(32, heads: 4, hasBias: false, random: &stream)
        #expect(plain.state.map(\.key) == ["in_proj_weight", "out_proj.weight"])
    }

    @Test func `projections begin uniform in their bounds, biases as zeros`() {
        var stream = RandomStream(seed: 2, name: "attention layers")
        let layer = MultiHeadAttention(64, heads: 4, random: &stream)
        let (inner, outer) = (layer.inWeight.value.doubles, layer.outProjection.weight.value.doubles)
        // √(6 / (64 + 192)) and 1 / √64; of thousands of draws one comes within 1 % of the bound.
        for (drawn, bound) in [(inner, 0.15309), (outer, 0.125)] {
            let greatest = drawn.map(abs).max() ?? 0
            #expect(greatest < bound * 1.0001 && greatest > bound * 0.99)
            #expect(abs(drawn.reduce(0, +) / Double(drawn.count)) < bound * 0.05)
        }
        #expect(layer.inBias?.value.doubles.allSatisfy { $0 == 0 } == true)
        #expect(layer.outProjection.bias?.value.doubles.allSatisfy { $0 == 0 } == true)
    }

    // MARK: What masks and dropout do

    private func input(_ shape: [Int], _ name: String) -> Tensor {
        var stream = RandomStream(seed: 4, name: name)
        return stream.normalTensor(shape, deviation: 1)
    }

    @Test func `a masked key changes nothing, and one without keys leaves as the output's bias`() {
        var stream = RandomStream(seed: 2, name: "attention layers")
        let layer = MultiHeadAttention(8, heads: 2, random: &stream)
        layer.outProjection.bias?.value = input([8], "bias")
        let keys = Tensor([true, true, false, false, false, false], shape: [2, 3])
        func mixed(_ x: Tensor) -> [Double] {
            let x = Pass(.evaluation).input(x)
            return layer(x, x, x, keyMask: keys).tensor.doubles
        }
        let x = input([2, 3, 8], "x")
        let other = Tensor(
            x.values(as: Float.self).enumerated().map { $0 / 8 == 2 ? $1 + 1 : $1 }, shape: [2, 3, 8])
        // Of the first member the third position is hidden: only it, as a query, sees that it changed.
        #expect(mixed(x)[..<16] == mixed(other)[..<16])
        #expect(mixed(x)[16..<24] != mixed(other)[16..<24])
        let bias = layer.outProjection.bias?.value.doubles ?? []
        #expect(Array(mixed(x)[24...]) == bias + bias + bias)
    }

    /// One product for what attends to itself, three for operands that differ: the same sums, in another order.
    @Test func `attends to itself as to others of the same numbers`() throws {
        var stream = RandomStream(seed: 2, name: "attention layers")
        let layer = MultiHeadAttention(8, heads: 2, dropout: 0.3, random: &stream)
        let numbers = input([2, 5, 8], "x")
        let keys = Tensor((0..<10).map { $0 != 3 }, shape: [2, 5])
        func outcome(_ operands: Int) throws -> (output: [Double], gradients: [[Double]]) {
            let pass = Pass(.training, seed: 1)
            let x = (0..<operands).map { _ in pass.input(numbers, needsGradient: true) }
            let output = layer(x[0], x[1 % operands], x[2 % operands], keyMask: keys)
            let gradients = output.backward(from: input([2, 5, 8], "upstream"))
            let byInputs = try x.map { try #require(gradients[$0]).doubles }
            let sum = byInputs.dropFirst().reduce(byInputs[0]) { zip($0, $1).map { $0 + $1 } }
            let weight = try #require(gradients[layer.inWeight]).doubles
            let inBias = try #require(layer.inBias)
            let bias = try #require(gradients[inBias]).doubles
            return (output.tensor.doubles, [sum, weight, bias])
        }
        let (itself, others) = (try outcome(1), try outcome(3))
        expectClose(itself.output, others.output, within: 1e-5, "output")
        for (a, b) in zip(itself.gradients, others.gradients) { expectClose(a, b, within: 1e-5, "gradient") }
    }

    @Test(arguments: [UInt8(1), 0])
    func `a real mask beside a mask of keys is minus infinity where no key takes part`(last: UInt8) {
        var stream = RandomStream(seed: 2, name: "attention layers")
        let layer = MultiHeadAttention(8, heads: 2, random: &stream)
        let x = Pass(.evaluation).input(input([1, 3, 8], "x"))
        let keys = Tensor([1, 1, last], shape: [1, 3])
        let added = input([3, 3], "mask")
        let both = layer(x, x, x, keyMask: keys, mask: added).tensor.doubles
        let inOne = Tensor(
            added.values(as: Float.self).enumerated().map { $0 % 3 == 2 && last == 0 ? -.infinity : $1 },
            shape: [3, 3])
        #expect(both == layer(x, x, x, mask: inOne).tensor.doubles)
        #expect(both.allSatisfy { $0.isFinite })
    }

    @Test func `layers drop in training, another time otherwise, and sleep in evaluation`() {
        var stream = RandomStream(seed: 2, name: "attention layers")
        let encoder = TransformerEncoderLayer(8, heads: 2, hidden: 16, dropout: 0.5, random: &stream)
        let x = input([2, 5, 8], "x")
        func output(_ mode: Mode, step: UInt32) -> [Double] {
            encoder(Pass(mode, seed: 1, step: step).input(x)).tensor.doubles
        }
        #expect(output(.training, step: 1) == output(.training, step: 1))
        #expect(output(.training, step: 1) != output(.training, step: 2))
        #expect(output(.evaluation, step: 1) == output(.evaluation, step: 2))
        let attention = MultiHeadAttention(8, heads: 2, dropout: 0.5, random: &stream)
        #expect(
            attention(Pass(.training).input(x)).tensor.doubles
                != attention(Pass(.evaluation).input(x)).tensor.doubles)
    }

    @Test func `a width that heads do not divide, and a mask of other keys, stop the program`() async throws {
        let heads = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var stream = RandomStream(seed: 2, name: "attention layers")
            _ = MultiHeadAttention(10, heads: 4, random: &stream)
        }
        let first = String(decoding: try #require(heads).standardErrorContent, as: UTF8.self)
        #expect(first.contains("multi-head attention: a width of 10 is no multiple of 4 heads"))
        let masks = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var stream = RandomStream(seed: 2, name: "attention layers")
            let x = Pass(.evaluation).input(.zeros([2, 3, 8]))
            let keys = Tensor.zeros([2, 4], dtype: .bool)
            _ = MultiHeadAttention(8, heads: 2, random: &stream)(x, x, x, keyMask: keys)
        }
        let second = String(decoding: try #require(masks).standardErrorContent, as: UTF8.self)
        #expect(
            second.contains(
                "multi-head attention's keys and their mask: shapes [2, 3, 8] and [2, 4] do not fit"))
    }
}
