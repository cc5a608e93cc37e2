import AviaryAutograd
import AviaryLayers
import AviaryTensors
import Testing

/// Which properties of a module are found, and which are refused.
struct ModuleWalkTests {
    private struct Settings: Sendable {
        let rates = [0.1, 0.2]
        let name = "plain"
    }

    private struct Tied: Module {
        let words: Parameter
        let decoder: Parameter
        let settings = Settings()
        let width: Int? = 3
        let rest: [LayerNorm]
        let nothing: LayerNorm?

        static let stateKeys = ["words": "embeddings.word", "rest": "blocks", "nothing": "none"]

        init() {
            words = Parameter(Tensor(repeating: 1 as Float, shape: [2, 3]))
            decoder = words
            rest = [LayerNorm(1), LayerNorm(1, hasBias: false)]
            nothing = nil
        }
    }

    @Test func `keys are labels or PyTorch's names, arrays give indices, nil and settings nothing`() {
        #expect(
            Tied().state.map(\.key)
                == ["embeddings.word", "decoder", "blocks.0.weight", "blocks.0.bias", "blocks.1.weight"])
    }

    @Test func `a tied parameter has both names, one storage, and is counted once`() {
        let model = Tied()
        #expect(model.parameterCount == 6 + 3)
        #expect(model.parameters.count == 4)
        model.words.value = Tensor(repeating: 2 as Float, shape: [2, 3])
        let state = model.stateDictionary(prefix: "model.")
        for key in ["model.embeddings.word", "model.decoder"] {
            #expect(state[key]?.values(as: Float.self) == [2, 2, 2, 2, 2, 2])
        }
    }

    @Test func `parameters are chosen by a condition, in order and each once`() {
        let model = Tied()
        #expect(model.parameters { $0.key.hasPrefix("blocks.0") }.count == 2)
        let byOneName = model.parameters { $0.key == "decoder" }
        #expect(byOneName.count == 1 && byOneName.first === model.words)
    }

    @Test func `biases and norms are exempt from weight decay, weights and tables are not`() {
        var stream = RandomStream(seed: 0, name: "split")
        let layer = Linear(3, 2, random: &stream)
        #expect(layer.weightDecaySplit.decayed.map(\.value.shape) == [[2, 3]])
        #expect(layer.weightDecaySplit.exempt.map(\.value.shape) == [[2]])
        let split = Tied().weightDecaySplit
        #expect(split.decayed.count == 1)
        #expect(split.exempt.count == 3)
    }

    private func refusal(_ result: ExitTest.Result?) throws -> String {
        String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }

    @Test func `a lazy property is refused with its path`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            struct Part: Module { lazy var norm = LayerNorm(2) }
            struct Model: Module { let blocks = [Part()] }
            _ = Model().state
        }
        #expect(
            try refusal(result).contains("blocks.0.norm: a lazy property cannot be walked for parameters"))
    }

    @Test func `a wrapped property that holds parameters is refused with its path`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            @propertyWrapper struct Watched<Value: Sendable>: Sendable { var wrappedValue: Value }
            struct Model: Module { @Watched var norm = LayerNorm(2) }
            _ = Model().state
        }
        #expect(try refusal(result).contains("_norm: a Watched<LayerNorm> is no Module"))
    }

    @Test func `a dictionary is refused with its path`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            struct Model: Module { let heads = ["boxes": LayerNorm(2)] }
            _ = Model().state
        }
        #expect(
            try refusal(result).contains(
                "heads: a Dictionary<String, LayerNorm> cannot be walked for parameters; "
                    + "use stored properties, arrays or optionals of modules"))
    }

    @Test func `parameters inside settings and enums are refused, not overlooked`() async throws {
        let settings = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            struct Settings: Sendable { let inner = [Parameter(.zeros([1]))] }
            struct Model: Module { let settings = Settings() }
            _ = Model().state
        }
        #expect(
            try refusal(settings).contains("settings: a Settings is no Module, but its 'inner.Parameter'"))
        let choice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            enum Choice: Sendable { case some(norm: LayerNorm) }
            struct Model: Module { let choice = Choice.some(norm: LayerNorm(1)) }
            _ = Model().state
        }
        #expect(try refusal(choice).contains("choice: a Choice is no Module"))
    }
}
