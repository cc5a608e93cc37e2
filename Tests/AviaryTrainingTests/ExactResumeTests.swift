import AviaryCheckpoints
import AviaryDatasets
import AviaryLayers
import AviaryModels
import AviaryOptimizers
import AviaryTensors
import AviaryTraining
import Foundation
import Synchronization
import Testing

/// A training that was interrupted and went on ends where an uninterrupted one does, to the last bit.
struct ExactResumeTests {
    private var plan: TrainingPlan {
        var plan = TrainingPlan()
        plan.epochCount = 2
        plan.batchSize = 16
        plan.augmentation = Augmentation(cropPadding: 1, flips: true)
        plan.optimizer = .sgd(weightDecay: 1e-3)
        plan.maximumGradientNorm = 1
        plan.seed = 11
        plan.checkpointInterval = 3
        return plan
    }

    private func trainer(_ model: any Layer, _ recorder: MemoryRecorder, _ file: String) -> ImageTrainer {
        ImageTrainer(
            model, on: images(120, seed: 1), validation: images(40, seed: 2), plan: plan, recorder: recorder,
            checkpointFile: file)
    }

    private func freshModel() -> SmallImageResNet {
        var random = RandomStream(seed: 5, name: "initialisation")
        return SmallImageResNet(depth: 8, random: &random)
    }

    @Test(arguments: [1, 7, 8, 11])
    func `equals the uninterrupted training, byte for byte`(interruptedAfter: Int) async throws {
        try await withFolder { folder in
            let (whole, wholeRecorder) = (freshModel(), MemoryRecorder())
            try await trainer(whole, wholeRecorder, folder + "/whole").run()

            let (recorder, file) = (MemoryRecorder(), folder + "/parts")
            try await trainer(freshModel(), recorder, file).run(interruptedAfter: interruptedAfter)
            recorder.forget(
                after: try lastStepsOfCheckpoint(
                    file, of: freshModel(), on: images(120, seed: 1), validation: images(40, seed: 2),
                    plan: plan)
            )
            let resumed = freshModel()
            try await trainer(resumed, recorder, file).run(resuming: true)

            let (expected, actual) = (whole.stateDictionary(), resumed.stateDictionary())
            #expect(Safetensors(tensors: actual).bytes == Safetensors(tensors: expected).bytes)
            let (points, wholePoints) = (
                recorder.points.withLock { $0 }, wholeRecorder.points.withLock { $0 }
            )
            #expect(points == wholePoints)
            #expect(points["train/loss"]?.count == 16)
            #expect(points["validation/accuracy"]?.count == 2)
            var (tags, wholeTags) = (recorder.tags.withLock { $0 }, wholeRecorder.tags.withLock { $0 })
            // What is measured and not computed.
            for share in [
                tags.removeValue(forKey: "engine.step_share"),
                wholeTags.removeValue(forKey: "engine.step_share"),
            ] {
                #expect(share.flatMap(Double.init).map { (0...1).contains($0) } == true)
            }
            for key in ["engine.peak_tensor_bytes", "engine.peak_resident_bytes"] {
                for peak in [tags.removeValue(forKey: key), wholeTags.removeValue(forKey: key)] {
                    #expect(try #require(peak.flatMap(Int.init)) > 1000, "\(key)")
                }
            }
            #expect(tags == wholeTags && !tags.isEmpty)
        }
    }

    /// A way of training of which a tiny one has to be exact.
    struct Way: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let plan: TrainingPlan
        /// What shows that the training did what it is here for.
        var isTold: @Sendable (MemoryRecorder) -> Bool = { _ in true }

        init(
            _ name: String, isTold: (@Sendable (MemoryRecorder) -> Bool)? = nil,
            _ change: (inout TrainingPlan) -> Void
        ) {
            testDescription = name
            plan = tinyPlan(change)
            if let isTold { self.isTold = isTold }
        }
    }

    /// It overflows in half precision soon, shrinks, and grows again.
    private static let restlessScale = Precision.f16(LossScale(start: 0x1p19, growthInterval: 1))

    @Sendable private static func skips(_ recorder: MemoryRecorder) -> Bool {
        let skipped = recorder.series("train/skipped_steps")
        return skipped.last.map { $0 >= 2 && $0 < Double(skipped.count) - 2 } == true
    }

    @Sendable private static func falls(_ recorder: MemoryRecorder) -> Bool {
        Set(recorder.series("train/learning_rate")).count == 2
    }

    static var ways: [Way] {
        [
            Way("sgd") { $0.optimizer = .sgd(momentum: 0.8, weightDecay: 1e-3, isNesterov: true) },
            Way("adam") {
                ($0.optimizer, $0.learningRate, $0.schedule) = (.adam(weightDecay: 1e-3), 0.01, .cosine())
            },
            Way("adamw") {
                ($0.optimizer, $0.learningRate, $0.schedule) = (.adamw(), 0.01, .polynomial(power: 2))
            },
            Way("adagrad") {
                ($0.optimizer, $0.learningRate) = (.adagrad(rateDecay: 0.1, initialSum: 0.1), 0.05)
            },
            Way("rmsprop") {
                ($0.optimizer, $0.learningRate) = (.rmsprop(momentum: 0.5, isCentered: true), 0.002)
            },
            Way("moving average") { $0.averageDecay = 0.7 },
            Way("accumulation") { ($0.accumulation, $0.maximumGradientNorm) = (3, 0.5) },
            Way("plateau", isTold: falls) { plan in
                var plateau = PlateauPlan()
                (plateau.patience, plateau.threshold) = (0, 0.99)
                (plan.plateau, plan.schedule) = (plateau, .constant)
            },
            Way("bf16") { $0.precision = .bf16 },
            Way("f16", isTold: skips) { $0.precision = restlessScale },
            Way("all together", isTold: skips) { plan in
                (plan.epochCount, plan.accumulation, plan.precision, plan.averageDecay) = (
                    5, 2, restlessScale, 0.5
                )
                (plan.optimizer, plan.learningRate) = (.adamw(), 0.01)
                (plan.maximumGradient, plan.maximumGradientNorm) = (0.01, 0.05)
                plan.schedule = .warmUp(stepCount: 3, next: .constant)
                var plateau = PlateauPlan()
                (plateau.metric, plateau.patience) = (.accuracy, 0)
                plan.plateau = plateau
            },
        ]
    }

    @Test(arguments: ways, [1, 0])
    func `is exact whatever is kept between steps`(way: Way, stepsAfterSecondEpoch: Int) async throws {
        let plan = way.plan
        let step = 2 * plan.stepsPerEpoch(imageCount: 60) + stepsAfterSecondEpoch
        try await withFolder { folder in
            let (whole, wholeRecorder) = (TinyModel(), MemoryRecorder())
            try await tinyTrainer(plan, wholeRecorder, model: whole, file: folder + "/whole").run()
            #expect(way.isTold(wholeRecorder), "the training does not show what it is here for")

            let (recorder, file) = (MemoryRecorder(), folder + "/parts")
            try await tinyTrainer(plan, recorder, file: file).run(interruptedAfter: step)
            recorder.forget(
                after: try lastStepsOfCheckpoint(
                    file, of: TinyModel(), on: images(60, seed: 1), validation: images(30, seed: 2),
                    plan: plan))
            let resumed = TinyModel()
            try await tinyTrainer(plan, recorder, model: resumed, file: file).run(resuming: true)

            let (expected, actual) = (whole.stateDictionary(), resumed.stateDictionary())
            #expect(Safetensors(tensors: actual).bytes == Safetensors(tensors: expected).bytes)
            #expect(recorder.points.withLock { $0 } == wholeRecorder.points.withLock { $0 })
            // The last checkpoints: optimizer, averages, best epoch, counters.
            let kept = try Data(contentsOf: URL(fileURLWithPath: file))
            #expect(try kept == Data(contentsOf: URL(fileURLWithPath: folder + "/whole")))
        }
    }

    @Test(arguments: [nil, 17])
    func `the model ends with the epoch that validation chose`(interruptedAfter: Int?) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: file) }
        var restless = plan
        // It learns at first, and less the faster it goes.
        (restless.epochCount, restless.learningRate) = (5, 4)
        restless.schedule = .warmUp(stepCount: 40, next: .constant)
        let (model, recorder) = (freshModel(), MemoryRecorder())
        let trainer = ImageTrainer(
            model, on: images(120, seed: 1), validation: images(40, seed: 2), plan: restless,
            recorder: recorder, checkpointFile: file)
        if let interruptedAfter { try await trainer.run(interruptedAfter: interruptedAfter) }
        try await trainer.run(resuming: interruptedAfter != nil)

        let accuracies = recorder.series("validation/accuracy")
        let best = try #require(accuracies.max())
        try #require(
            accuracies.count == 5 && accuracies[4] < best, "the last epoch is the best: \(accuracies)")
        let epoch = try #require(accuracies.firstIndex(of: best)) + 1
        #expect(recorder.tags.withLock { $0["aviary.best_epoch"] } == String(epoch))
        let normalisation = ImageNormalisation(of: images(120, seed: 1))
        let figures = try await evaluate(model, on: images(40, seed: 2), normalisation: normalisation)
        #expect(figures.accuracy == best)
    }
}
