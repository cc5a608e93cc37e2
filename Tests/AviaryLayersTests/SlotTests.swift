import AviaryAutograd
import AviaryLayers
import AviaryModels
import AviaryTensors
import AviaryTestSupport
import Testing

/// A layer that may be replaced.
struct SlotTests {
    private func network() -> SmallImageResNet {
        var stream = RandomStream(seed: 0, name: "initialisation")
        return SmallImageResNet(depth: 8, random: &stream)
    }

    private func linear(_ inputs: Int, _ outputs: Int) -> Linear {
        var stream = RandomStream(seed: 5, name: "head")
        return Linear(inputs, outputs, random: &stream)
    }

    @Test func `a slot does what its layer does and adds nothing to the path`() {
        let layer = linear(3, 2)
        let slot = Slot(layer)
        #expect(slot.state.map(\.key) == ["weight", "bias"])
        let x = Tensor([1, 2, 3] as [Float], shape: [1, 3])
        let pass = Pass(.evaluation)
        #expect(slot(pass.input(x)).tensor.doubles == layer(pass.input(x)).tensor.doubles)
    }

    @Test func `a residual network's head is replaced for other classes, the rest stays`() throws {
        let model = network()
        let body = model.state.filter { !$0.key.hasPrefix("head") }.map { $0.value.shape }
        let keys = model.state.map(\.key)
        let head = linear(64, 3)
        let old = try model.replace("head", with: head)
        #expect((old as? Linear)?.weight.value.shape == [10, 64])
        #expect(model.state.map(\.key) == keys)
        #expect(model.state.filter { !$0.key.hasPrefix("head") }.map { $0.value.shape } == body)
        #expect(model.parameters.contains { $0 === head.weight })

        let pass = Pass(.training)
        let logits = model(pass.input(.zeros([2, 1, 28, 28])))
        #expect(logits.shape == [2, 3])
        #expect(logits.sum.backward()[head.weight] != nil)
    }

    @Test func `a layer of another kind may take the place, and its names are walked`() throws {
        struct Adapted: Layer {
            let base: Linear
            let down: Linear

            func callAsFunction(_ x: Variable) -> Variable { base(x) + down(x) }
        }
        let model = network()
        try model.replace("head", with: Adapted(base: linear(64, 10), down: linear(64, 10)))
        #expect(
            model.state.map(\.key).suffix(4)
                == ["head.base.weight", "head.base.bias", "head.down.weight", "head.down.bias"])
    }

    @Test func `copies of a model share the slot`() throws {
        let model = network()
        let copy = model
        try model.replace("head", with: linear(64, 4))
        #expect(copy.state.last?.value.shape == [4])
    }

    @Test func `a path without a slot is refused and the slots are named`() {
        let error = #expect(throws: ModulePathError.self) {
            try network().replace("stem.conv", with: linear(1, 1))
        }
        #expect(error?.description == "the model has no slot at 'stem.conv'; slots: head")
        #expect(throws: ModulePathError.noSlot(path: "weight", slots: [])) {
            try linear(1, 1).replace("weight", with: linear(1, 1))
        }
        #expect(
            ModulePathError.noSlot(path: "weight", slots: []).description
                == "the model has no slot at 'weight'; it has no slots")
    }
}
