import AviaryAutograd
import AviaryLayers
import AviaryTensors
import AviaryTestSupport
import Testing

/// Pooling layers hold settings only; their numbers are the operations' (`AviaryAutogradTests`).
struct PoolingLayerTests {
    private struct Parts: Module {
        let greatest = MaxPool(3, stride: 2, padding: 1)
        let mean = AveragePool(2, roundsUp: true, countsPadding: false)
        let bins = AdaptiveAveragePool(height: 2, width: 3)
    }

    @Test func `have no state, as PyTorch's`() {
        #expect(Parts().state.isEmpty)
    }

    @Test func `are the operations of their settings`() {
        let (parts, pass) = (Parts(), Pass(.evaluation))
        let x = pass.input(Tensor((0..<70).map { Double($0 * $0 % 19) }, shape: [1, 2, 5, 7]))
        let greatest = maxPool(x, window: 3, stride: 2, padding: 1).tensor
        #expect(parts.greatest(x).tensor.doubles == greatest.doubles)
        #expect(parts.greatest(x).shape == [1, 2, 3, 4])
        let mean = averagePool(x, over: PoolingWindow(2, roundsUp: true), countsPadding: false).tensor
        #expect(parts.mean(x).tensor.doubles == mean.doubles)
        #expect(parts.mean(x).shape == [1, 2, 3, 4])
        let bins = adaptiveAveragePool(x, height: 2, width: 3).tensor
        #expect(parts.bins(x).tensor.doubles == bins.doubles)
        #expect(AdaptiveAveragePool()(x).shape == [1, 2, 1, 1])
    }
}
