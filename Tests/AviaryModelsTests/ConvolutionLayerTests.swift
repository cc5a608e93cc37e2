import AviaryAutograd
import AviaryLayers
import AviaryTensors
import AviaryTestSupport
import Testing

/// The layer by PyTorch's names and beginnings; its numbers are the operation's (`ConvolutionTests`).
struct ConvolutionLayerTests {
    private func stream() -> RandomStream { RandomStream(seed: 3, name: "convolution") }

    @Test func `names and shapes are those of PyTorch`() {
        var random = stream()
        let geometry = ConvolutionGeometry(stride: 2, groups: 4)
        let layer = Convolution(
            8, 12, kernel: .init(height: 5, width: 3), geometry: geometry, hasBias: true, random: &random)
        #expect(layer.state.map(\.key) == ["weight", "bias"])
        #expect(layer.state.map(\.value.shape) == [[12, 2, 5, 3], [12]])
        #expect(layer(Pass(.evaluation).input(.zeros([2, 8, 9, 8]))).shape == [2, 12, 3, 3])
        let bare = Convolution(8, 12, kernel: 3, random: &random)
        #expect(bare.state.map(\.key) == ["weight"])
    }

    @Test func `a bias is drawn behind the weights, uniform in one over the root of the fan-in`() throws {
        var (with, without) = (stream(), stream())
        let biased = Convolution(16, 4000, kernel: 1, groups: 4, hasBias: true, random: &with)
        let bare = Convolution(16, 4000, kernel: 1, groups: 4, random: &without)
        #expect(biased.weight.value.doubles == bare.weight.value.doubles)
        let bias = try #require(biased.bias).value.doubles
        // The fan-in is 4, so the bound 0.5; of 4,000 numbers the deviation of the mean is 0.0046.
        #expect(bias.allSatisfy { abs($0) <= 0.5 })
        #expect((bias.max() ?? 0) > 0.49 && (bias.min() ?? 0) < -0.49)
        #expect(abs(bias.reduce(0, +) / 4000) < 0.025)
    }

    @Test func `the extent is kept unless a padding is given, dilated or not`() {
        var random = stream()
        let x = Pass(.evaluation).input(.zeros([1, 2, 9, 7]))
        #expect(Convolution(2, 4, kernel: 3, random: &random)(x).shape == [1, 4, 9, 7])
        #expect(Convolution(2, 4, kernel: 3, dilation: 2, random: &random)(x).shape == [1, 4, 9, 7])
        #expect(
            Convolution(2, 4, kernel: 3, padding: 0, groups: 2, random: &random)(x).shape == [1, 4, 7, 5])
    }

    @Test func `weights and bias learn`() throws {
        var random = stream()
        let layer = Convolution(4, 4, kernel: 3, groups: 4, hasBias: true, random: &random)
        let x = Pass(.training).input(Tensor(repeating: 1 as Float, shape: [2, 4, 5, 5]))
        let gradients = layer(x).sum.backward()
        let bias = try #require(layer.bias)
        #expect(gradients[layer.weight]?.shape == [4, 1, 3, 3])
        #expect(gradients[bias]?.doubles == [50, 50, 50, 50])
    }

    @Test func `groups that do not divide the channels stop the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomStream(seed: 1, name: "groups")
            _ = Convolution(4, 6, kernel: 3, groups: 3, random: &random)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("Convolution: 3 groups do not divide 4 and 6 channels"))
    }
}
