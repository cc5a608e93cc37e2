import AviaryAutograd
import AviaryLayers
import AviaryTensors
import AviaryTestSupport
import Testing

/// Layers by PyTorch's names and beginnings; their numbers are the operations' (`AviaryAutogradTests`).
struct LayerTests {
    private struct Parts: Module {
        let norm = LayerNorm(5)
        let plain = LayerNorm(5, hasWeight: false, hasBias: false)
        let groups = GroupNorm(groups: 2, 6)
        let dropout = Dropout(0.1)
        let words: Embedding

        init(random stream: inout RandomStream) {
            words = Embedding(200, 50, paddingIndex: 3, random: &stream)
        }
    }

    private func parts() -> Parts {
        var stream = RandomStream(seed: 1, name: "layers")
        return Parts(random: &stream)
    }

    @Test func `names and shapes are those of PyTorch`() {
        let state = parts().state
        #expect(
            state.map(\.key) == ["norm.weight", "norm.bias", "groups.weight", "groups.bias", "words.weight"])
        #expect(state.map(\.value.shape) == [[5], [5], [6], [6], [200, 50]])
    }

    @Test func `norms begin as the identity, an embedding standard normal with a padding of zeros`() {
        let model = parts()
        #expect(model.norm.weight?.value.doubles == [1, 1, 1, 1, 1])
        #expect(model.norm.bias?.value.doubles == [0, 0, 0, 0, 0])
        #expect(model.groups.weight?.value.doubles == [1, 1, 1, 1, 1, 1])
        let rows = model.words.weight.value.doubles
        #expect(rows[150..<200].allSatisfy { $0 == 0 })
        let drawn = rows[..<150] + rows[200...]
        let mean = drawn.reduce(0, +) / 9950
        let variance = drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 9950
        // Deviations 0.01 and 0.014; five of each.
        #expect(abs(mean) < 0.05)
        #expect(abs(variance - 1) < 0.07)
    }

    @Test func `a norm's output has mean 0 and variance 1`() {
        let model = parts()
        let pass = Pass(.training)
        let x = pass.input(Tensor((0..<10).map { Float($0 * $0) + 100 }, shape: [2, 5]))
        for layer in [model.norm, model.plain] {
            let y = layer(x).tensor.doubles
            for row in [y[..<5], y[5...]] {
                #expect(abs(row.reduce(0, +)) < 1e-5)
                #expect(abs(row.reduce(0) { $0 + $1 * $1 } / 5 - 1) < 1e-5)
            }
        }
    }

    @Test func `a padding row is looked up but never learns`() {
        let model = parts()
        let pass = Pass(.training)
        let ids = pass.input(Tensor([3, 0, 3, 0] as [Int64], shape: [2, 2]))
        let y = model.words(ids)
        #expect(y.shape == [2, 2, 50])
        let gradient = y.sum.backward()[model.words.weight]?.doubles ?? []
        #expect(gradient.count == 10_000)
        #expect(gradient.prefix(50).allSatisfy { $0 == 2 })
        #expect(gradient.dropFirst(50).allSatisfy { $0 == 0 })
    }

    @Test func `a padding index of -1 is the last row`() {
        var stream = RandomStream(seed: 2, name: "layers")
        let words = Embedding(4, 3, paddingIndex: -1, random: &stream)
        let rows = words.weight.value.doubles
        #expect(rows[9...].allSatisfy { $0 == 0 } && rows[..<9].allSatisfy { $0 != 0 })
        let pass = Pass(.training)
        let y = words(pass.input(Tensor([3, 1, 3] as [Int64], shape: [3])))
        #expect(y.sum.backward()[words.weight]?.doubles == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    }

    @Test func `dropout sleeps in evaluation`() {
        let layer = Dropout(0.5)
        let x = Tensor(repeating: 1 as Float, shape: [64])
        #expect(layer(Pass(.evaluation).input(x)).tensor.doubles == x.doubles)
        #expect(layer(Pass(.training).input(x)).tensor.doubles != x.doubles)
    }
}
