import AviaryAutograd
import AviaryLayers
import AviaryTensors
import Testing

/// States that fit, states that do not, and what is said of them.
struct LoadingTests {
    private struct Model: Module {
        let norm = BatchNorm(2)
        let head: Linear
        let decoder: Parameter

        init() {
            var stream = RandomStream(seed: 1, name: "loading")
            head = Linear(3, 2, random: &stream)
            decoder = head.weight  // tied
        }
    }

    private func ones(_ shape: [Int]) -> Tensor { Tensor(repeating: 1 as Float, shape: shape) }

    private var fitting: [String: Tensor] {
        [
            "norm.weight": ones([2]), "norm.bias": ones([2]), "norm.running_mean": ones([2]),
            "norm.running_var": ones([2]), "norm.num_batches_tracked": Tensor(4 as Int64),
            "head.weight": ones([2, 3]), "head.bias": ones([2]),
        ]
    }

    private func numbers(_ model: Model) -> [[Double]] {
        model.state.map { $0.value.cast(to: .f64).values(as: Double.self) }
    }

    @Test func `a whole state is written, a tied parameter under one name is enough`() throws {
        let model = Model()
        let report = try model.load(fitting)
        #expect(report.isComplete)
        #expect(report.loaded.count == 7)
        #expect(model.decoder.value.values(as: Float.self) == [1, 1, 1, 1, 1, 1])
        #expect(model.norm.batchCount?.value.scalar == 4)
    }

    @Test func `counts of batches may be missing`() throws {
        let model = Model()
        var state = fitting
        state["norm.num_batches_tracked"] = nil
        let report = try model.load(state)
        #expect(report.isComplete && report.loaded.count == 6)
        #expect(model.norm.batchCount?.value.scalar == 0)
    }

    @Test(arguments: [DType.f16, .bf16, .f64])
    func `reals of another kind are cast where that is asked for`(kind: DType) throws {
        let model = Model()
        let state = fitting.mapValues { $0.dtype == .f32 ? $0.cast(to: kind) : $0 }
        #expect(throws: StateError.self) { try model.load(state) }
        #expect(try model.load(state, converting: true).isComplete)
        #expect(model.head.weight.value.values(as: Float.self) == [1, 1, 1, 1, 1, 1])
        var whole = state
        whole["head.bias"] = Tensor([1, 2] as [Int64], shape: [2])
        let error = #expect(throws: StateError.self) { try model.load(whole, converting: true) }
        #expect(error?.report.wrongKinds.map(\.key) == ["head.bias"])
    }

    @Test func `a frozen model can be loaded`() throws {
        let model = Model()
        model.freeze()
        try model.load(fitting)
        #expect(model.norm.bias?.value.values(as: Float.self) == [1, 1])
    }

    @Test func `a strict load that fails writes nothing and lists everything`() throws {
        let model = Model()
        let before = numbers(model)
        var state = fitting
        state["norm.weight"] = nil
        state["norm.weigth"] = ones([2])
        state["encoder.position_ids"] = Tensor([0, 1] as [Int64], shape: [1, 2])
        state["head.bias"] = ones([10])
        state["norm.running_mean"] = Tensor([0.0, 0.0], shape: [2])
        state["decoder"] = .zeros([2, 3])
        let error = #expect(throws: StateError.self) { try model.load(state, from: "weights.safetensors") }
        #expect(
            error?.description == """
                weights.safetensors does not fit the model; missing: norm.weight wanted f32 [2] \
                (near: norm.weigth); unexpected: encoder.position_ids is int64 [1, 2], norm.weigth is f32 [2] \
                (near: norm.weight); of another shape: head.bias is f32 [10], wanted f32 [2]; \
                of another kind: norm.running_mean is f64 [2], wanted f32 [2]; \
                given twice with different numbers: decoder wanted the numbers of head.weight
                """)
        #expect(error?.report.loaded == [])
        #expect(numbers(model) == before)
    }

    @Test func `a name behind another prefix is found near`() {
        let state = Dictionary(uniqueKeysWithValues: fitting.map { ("model.\($0)", $1) })
        let error = #expect(throws: StateError.self) { try Model().load(state) }
        let missing = error?.report.missing.first { $0.key == "head.bias" }
        #expect(missing?.near == ["model.head.bias"])
        let unexpected = error?.report.unexpected.first { $0.key == "model.norm.running_var" }
        #expect(unexpected?.near == ["norm.running_var"])
    }

    @Test func `a reporting load writes what fits and tells the rest`() throws {
        let model = Model()
        let before = model.head.bias?.value.values(as: Float.self)
        var state = fitting
        state["norm.bias"] = nil
        state["pooler.weight"] = ones([3, 3])
        state["head.bias"] = ones([10])
        let report = try model.load(state, mode: .report)
        #expect(!report.isComplete)
        #expect(report.missing.map(\.key) == ["norm.bias"])
        #expect(report.unexpected.map(\.key) == ["pooler.weight"])
        #expect(report.wrongShapes.map(\.key) == ["head.bias"])
        #expect(report.wrongShapes.map(\.wanted) == ["f32 [2]"])
        #expect(
            report.loaded == [
                "norm.weight", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked",
                "head.weight",
            ])
        #expect(model.head.bias?.value.values(as: Float.self) == before)
        #expect(model.head.weight.value.values(as: Float.self) == [1, 1, 1, 1, 1, 1])
    }
}
