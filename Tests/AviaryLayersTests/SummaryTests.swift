import AviaryAutograd
import AviaryLayers
import AviaryModels
import AviaryTensors
import AviaryTestSupport
import Testing

/// Summaries against PyTorch's hooks and its own count of operations (`Tests/Oracles/model_summary.py`).
struct SummaryTests {
    private struct Fixture: Decodable {
        struct Row: Decodable {
            let path: String
            let shape: [Int]
            let parameters, multiplyAdds: Int
        }
        struct Model: Decodable {
            let name: String
            let rows: [Row]
            let parameters: Int
        }
        let models: [Model]
    }

    private func check(_ summary: ModelSummary, _ name: String) throws {
        let models = try fixture("model_summary", as: Fixture.self).models
        let expected = try #require(models.first { $0.name == name })
        #expect(summary.rows.map(\.path) == expected.rows.map(\.path))
        for (row, wanted) in zip(summary.rows, expected.rows) {
            #expect(row.outputShape == wanted.shape, "\(row.path)")
            #expect(row.trainableCount == wanted.parameters, "\(row.path)")
            #expect(row.frozenCount == 0, "\(row.path)")
            #expect(row.multiplyAdds == wanted.multiplyAdds, "\(row.path)")
        }
        #expect(summary.trainableCount == expected.parameters)
    }

    private func stream() -> RandomStream { RandomStream(seed: 0, name: "initialisation") }

    @Test func `ResNet-20 has the paper's 0.27 million parameters and 41 million multiply-adds`() throws {
        var stream = stream()
        let model = SmallImageResNet(depth: 20, channels: 3, random: &stream)
        let summary = model.summary(inputShape: [1, 3, 32, 32])
        try check(summary, "resnet20")
        #expect(summary.trainableCount == 269_722)
        #expect(summary.multiplyAdds == 40_551_040)
        #expect(summary.outputShape == [1, 10])
    }

    @Test func `projections and a batch are counted as PyTorch counts them`() throws {
        var stream = stream()
        let model = SmallImageResNet(depth: 8, shortcut: .projection, random: &stream)
        try check(model.summary(inputShape: [2, 1, 28, 28]), "resnet8")
    }

    @Test func `products without parameters belong to the module around them`() throws {
        var stream = stream()
        let model = SharedHeadAttention(6, heads: 2, random: &stream)
        let summary = model.summary { pass in
            let x = pass.input(.zeros([2, 5, 6]))
            return model(value: x, key: x, query: x)
        }
        try check(summary, "attention")
    }

    /// Three projections of `[2, 5, 8]` by `[8, 8]`, scores and mixed values of `[5, 5]` over 8, one projection out.
    @Test func `attention with one packed projection is counted in its own module`() {
        var stream = stream()
        let layer = MultiHeadAttention(8, heads: 2, random: &stream)
        let summary = layer.summary(inputShape: [2, 5, 8])
        #expect(summary.rows.map(\.path) == ["", "out_proj"])
        #expect(summary.rows.map(\.multiplyAdds) == [3 * 2 * 5 * 64 + 2 * 2 * 5 * 5 * 8, 2 * 5 * 64])
        #expect(summary.rows.map(\.trainableCount) == [3 * 64 + 24, 64 + 8])
    }

    @Test func `a summary changes neither statistics nor later passes`() {
        var stream = stream()
        let model = SmallImageResNet(depth: 8, random: &stream)
        let before = model.state.map { $0.value.cast(to: .f64).doubles }
        _ = model.summary(inputShape: [1, 1, 28, 28])
        #expect(model.state.map { $0.value.cast(to: .f64).doubles } == before)
    }

    @Test func `frozen parameters are counted apart and their layers still seen`() throws {
        var stream = stream()
        let model = MLP(inputs: 6, hidden: 4, classes: 2, random: &stream)
        try model.freeze("layers.0")
        let summary = model.summary(inputShape: [3, 6])
        #expect(summary.frozenCount == 28)
        #expect(summary.trainableCount == 20 + 10)
        #expect(summary.rows.map(\.multiplyAdds) == [3 * 24, 3 * 16, 3 * 8])
        #expect(summary.rows.map(\.outputShape) == [[3, 4], [3, 4], [3, 2]])
    }

    @Test func `a tied table is counted where it stands first, and both uses are seen`() {
        struct Language: Layer {
            let words: Embedding
            let unused: LayerNorm

            init(random stream: inout RandomStream) {
                words = Embedding(7, 4, random: &stream)
                unused = LayerNorm(4)
            }

            func callAsFunction(_ x: Variable) -> Variable {
                linear(words(x).mean(over: [1]), weight: x.pass.use(words.weight), bias: nil)
            }
        }
        var stream = stream()
        let summary = Language(random: &stream).summary(inputShape: [2, 3], dtype: .int64)
        #expect(summary.rows.map(\.path) == ["words", "unused"])
        #expect(summary.rows.map(\.trainableCount) == [28, 8])
        #expect(summary.rows.map(\.multiplyAdds) == [2 * 4 * 7, 0])
        #expect(summary.rows[1].outputShape == nil)
        #expect(summary.outputShape == [2, 7])
    }

    @Test func `the text is a table with totals`() throws {
        var stream = stream()
        let model = MLP(inputs: 784, random: &stream)
        try model.freeze("layers.2")
        #expect(
            model.summary(inputShape: [1, 784]).description == """
                layer     kind    output    trainable  frozen  multiply-adds
                layers.0  Linear  [1, 128]    100,480       0        100,352
                layers.2  Linear  [1, 128]          0  16,512         16,384
                layers.4  Linear  [1, 10]       1,290       0          1,280
                total             [1, 10]     101,770  16,512        118,016
                """)
    }
}
