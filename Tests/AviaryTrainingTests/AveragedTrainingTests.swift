import AviaryAutograd
import AviaryCheckpoints
import AviaryDatasets
import AviaryLayers
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import AviaryTraining
import Testing

/// What a moving average changes: which weights are evaluated, chosen and kept at the end.
struct AveragedTrainingTests {
    private let plan = tinyPlan { ($0.averageDecay, $0.learningRate, $0.schedule) = (0.9, 0.5, .constant) }

    private func tensors(_ file: String, under prefix: String) throws -> [String: [Double]] {
        let named = try Safetensors(contentsOf: file).tensors.filter { $0.key.hasPrefix(prefix) }
        return Dictionary(
            uniqueKeysWithValues: named.map { (String($0.key.dropFirst(prefix.count)), $0.value.doubles) })
    }

    @Test func `the averages are evaluated, and those of the best epoch remain`() async throws {
        try await withFolder { folder in
            let (model, recorder) = (TinyModel(), MemoryRecorder())
            try await tinyTrainer(plan, recorder, model: model, file: folder + "/file").run()
            let normalisation = ImageNormalisation(of: images(60, seed: 1))
            let figures = try await evaluate(model, on: images(30, seed: 2), normalisation: normalisation)
            let accuracies = recorder.series("validation/accuracy")
            let best = try #require(accuracies.max())
            #expect(figures.accuracy == best)
            let epoch = try #require(accuracies.firstIndex(of: best))
            #expect(figures.loss == recorder.series("validation/loss")[epoch])
            let kept = try tensors(folder + "/file", under: "best.")
            #expect(model.stateDictionary().mapValues(\.doubles) == kept)
        }
    }

    @Test
    func `without validation the model ends with the averages, and the live weights are in the checkpoint`()
        async throws
    {
        try await withFolder { folder in
            let file = folder + "/file"
            let (model, live) = (TinyModel(), TinyModel())
            try await tinyTrainer(plan, model: model, file: file, validates: false).run()
            let averages = try tensors(file, under: "average.")
            #expect(model.stateDictionary().mapValues(\.doubles) == averages)
            // The average follows and does not lead: without it the same weights come out.
            var plain = plan
            plain.averageDecay = nil
            try await tinyTrainer(plain, model: live, validates: false).run()
            let weights = try tensors(file, under: "model.")
            #expect(live.stateDictionary().mapValues(\.doubles) == weights)
            #expect(weights != averages)
        }
    }

    @Test func `an evaluation with substitutes leaves those beside it alone`() async throws {
        let model = TinyModel()
        let normalisation = ImageNormalisation(of: images(60, seed: 1))
        let parameters = [model.first.weight, model.second.weight]
        let substitutes = Substitutes(parameters.map { ($0, Tensor.zeros($0.value.shape)) })
        @Sendable func loss(_ substitutes: Substitutes?) async throws -> Double {
            try await evaluate(
                model, on: images(30, seed: 2), normalisation: normalisation, batchSize: 4,
                substitutes: substitutes
            ).loss
        }
        let (plain, other) = (try await loss(nil), try await loss(substitutes))
        #expect(plain != other)
        let losses = try await withThrowingTaskGroup(of: (Bool, Double).self) { group in
            for task in 0..<8 {
                group.addTask {
                    let isPlain = task.isMultiple(of: 2)
                    return (isPlain, try await loss(isPlain ? nil : substitutes))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (isPlain, loss) in losses { #expect(loss == (isPlain ? plain : other)) }
    }
}
