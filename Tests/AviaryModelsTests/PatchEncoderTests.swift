import AviaryAutograd
import AviaryLayers
import AviaryModels
import AviaryTensors
import AviaryTestSupport
import Foundation
import Testing

/// The encoder over patches beside its numbers, which `TrainingStepTests` compares with PyTorch's.
struct PatchEncoderTests {
    /// Of BERT-tiny's size over 7×7 patches of 16 pixels.
    private func encoder(dropout: Double = 0) -> PatchEncoder {
        var random = RandomStream(seed: 0, name: "initialisation")
        return PatchEncoder(dropout: dropout, random: &random)
    }

    private func images(_ count: Int) -> Tensor {
        Tensor(
            (0..<count * 784).map { Float(4 * FormulaNumbers.uniform(1000, $0) - 2) },
            shape: [count, 1, 28, 28])
    }

    /// A layer has 12 D² weights; of 49 tokens each meets them all, and each of the others in scores and in values.
    @Test func `of BERT-tiny's size it has 0.4 million parameters and 21 million multiply-adds an image`() {
        let summary = encoder().summary(inputShape: [1, 1, 28, 28])
        let layerParameters = 12 * 128 * 128 + (3 + 1 + 4 + 1 + 4) * 128
        #expect(
            summary.trainableCount == 49 * 128 + 17 * 128 + 2 * layerParameters + 2 * 128 + 129 * 10)
        #expect(summary.trainableCount == 406_538)
        let layerProducts = 49 * 12 * 128 * 128 + 2 * 49 * 49 * 128
        #expect(summary.multiplyAdds == 49 * 16 * 128 + 2 * layerProducts + 128 * 10)
        #expect(summary.multiplyAdds == 20_598_528)
        #expect(summary.outputShape == [1, 10])
        #expect(summary.rows.contains { $0.path == "layers.1.self_attn" && $0.multiplyAdds > 0 })
        #expect(summary.rows.first { $0.path == "embedding" }?.outputShape == [1, 49, 128])
    }

    /// PyTorch's autocast of the same encoder lies 0.5 % of the greatest logit and 0.7 % of a gradient's norm from its
    /// f32; the bounds leave room for other places of rounding.
    @Test func `in bf16 it answers as in f32, and its gradients stay f32`() throws {
        let (model, labels) = (encoder(), Tensor([3, 0, 7] as [Int64], shape: [3]))
        func trained(_ autocast: Autocast?) -> (logits: Tensor, gradients: Gradients) {
            let pass = Pass(.training, autocast: autocast)
            let logits = model(pass.input(images(3)))
            return (logits.tensor, softmaxCrossEntropy(logits, labels: labels).backward())
        }
        let (exact, rounded) = (trained(nil), trained(.standard(.bf16)))
        #expect(exact.logits.dtype == .f32 && rounded.logits.dtype == .bf16)
        #expect(exact.logits.doubles != rounded.logits.cast(to: .f32).doubles)
        expectClose(
            rounded.logits.cast(to: .f32).doubles, exact.logits.doubles, within: 0.02, "logits")
        for entry in model.state {
            let parameter = try #require(entry.parameter)
            let gradients = try [exact, rounded].map { try #require($0.gradients[parameter]) }
            #expect(gradients.allSatisfy { $0.dtype == .f32 }, "\(entry.key)")
            let difference = zip(gradients[0].doubles, gradients[1].doubles).map { $0 - $1 }
            #expect(norm(difference) <= 0.03 * norm(gradients[0].doubles), "\(entry.key)")
        }
    }

    private func norm(_ values: [Double]) -> Double {
        values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    @Test func `dropout is on in training only, and another with each step`() {
        let model = encoder(dropout: 0.1)
        func logits(_ mode: Mode, step: UInt32) -> [Double] {
            model(Pass(mode, step: step).input(images(1))).tensor.doubles
        }
        #expect(logits(.evaluation, step: 0) == logits(.evaluation, step: 1))
        #expect(logits(.training, step: 0) == logits(.training, step: 0))
        #expect(logits(.training, step: 0) != logits(.training, step: 1))
    }

    /// Without positions a mean over all tokens cannot tell in which order they stand.
    @Test func `patches that change places change the answer, by their positions alone`() throws {
        let (model, image) = (encoder(), images(1))
        let rows = image.values(as: Float.self)
        let patchRow = 4 * 28
        let exchanged = Tensor(
            Array(
                rows.suffix(patchRow) + rows.dropFirst(patchRow).dropLast(patchRow) + rows.prefix(patchRow)),
            shape: image.shape)
        let positions = try #require(model.state.first { $0.key == "positions" }?.parameter)
        func greatestDifference() -> Double {
            let answers = [image, exchanged].map { model(Pass(.evaluation).input($0)).tensor.doubles }
            return zip(answers[0], answers[1]).map { abs($0 - $1) }.max() ?? 0
        }
        #expect(greatestDifference() > 1e-3)
        positions.value = .zeros(positions.value.shape)
        #expect(greatestDifference() < 1e-5)
    }

    @Test func `its head can be replaced`() throws {
        let model = encoder()
        var random = RandomStream(seed: 1, name: "head")
        try model.replace("head", with: Linear(128, 3, random: &random))
        #expect(model(Pass(.evaluation).input(images(2))).shape == [2, 3])
    }

    @Test func `images of another extent are refused with both`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomStream(seed: 0, name: "initialisation")
            _ = PatchEncoder(random: &random)(Pass(.evaluation).input(.zeros([2, 1, 32, 32])))
        }
        #expect(
            try refusal(result).contains(
                "patch encoder: takes [N, 1, 28, 28], given was [2, 1, 32, 32]"))
    }

    @Test func `an image that is no whole number of patches is refused`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomStream(seed: 0, name: "initialisation")
            _ = PatchEncoder(height: 28, width: 30, random: &random)
        }
        #expect(
            try refusal(result).contains(
                "patch encoder: an image [1, 28, 30] is no whole number of patches of 4 by 4 pixels"))
    }

    private func refusal(_ result: ExitTest.Result?) throws -> String {
        String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }
}
