import AviaryCheckpoints
import AviaryOptimizers
import AviaryTensors
import AviaryTraining
import Testing

/// A training that leaves the numbers stops, says where, and leaves the last good checkpoint on disk.
struct DivergenceTests {
    /// From step 5 on the rate is beyond single precision: the weights are lost there, the loss a step later.
    private func wildPlan(_ precision: Precision, checkpointInterval: Int) -> TrainingPlan {
        tinyPlan { plan in
            (plan.precision, plan.checkpointInterval, plan.batchSize) = (precision, checkpointInterval, 8)
            plan.schedule = .stepDecay(interval: 5, factor: 0x1p160)
        }
    }

    private func failure(_ plan: TrainingPlan) async throws -> (text: String, step: String?, isGood: Bool) {
        var result = (text: "", step: String?.none, isGood: false)
        try await withFolder { folder in
            let file = folder + "/checkpoint"
            let trainer = tinyTrainer(plan, file: file)
            let error = await #expect(throws: TrainingError.self) { try await trainer.run() }
            let kept = try Safetensors(contentsOf: file)
            let reals = kept.tensors.values.filter { $0.dtype == .f32 }
            result = (
                (error?.description ?? "").replacing(file, with: "FILE"), kept.metadata["step"],
                reals.allSatisfy { $0.values(as: Float.self).allSatisfy(\.isFinite) }
            )
        }
        return result
    }

    @Test(arguments: [Precision.f32, .bf16])
    func `a loss that is no number names step, rate and checkpoint`(precision: Precision) async throws {
        let (text, step, isGood) = try await failure(wildPlan(precision, checkpointInterval: 4))
        #expect(text.hasPrefix("the loss became ") && text.contains("nan"), "\(text)")
        #expect(
            text.contains(
                "at step 6 with learning rate \(0.1 * 0x1p160); "
                    + "train it anew with a lower --set training.learning-rate=…; "), "\(text)")
        #expect(text.hasSuffix("the last good checkpoint is FILE, of step 4"), "\(text)")
        #expect(step == "4" && isGood)
    }

    @Test func `a validation whose loss is no number stops it too, and nothing of it is kept`() async throws {
        // The last step of the first epoch leaves weights that are numbers, but products of them are none.
        let plan = tinyPlan { plan in
            plan.checkpointInterval = 3
            plan.schedule = .stepDecay(interval: 3, factor: 0x1p90)
        }
        let (text, step, isGood) = try await failure(plan)
        #expect(text.hasPrefix("the loss of the validation images became "), "\(text)")
        #expect(text.contains("at step 3 with learning rate \(0.1 * 0x1p90)"), "\(text)")
        #expect(text.hasSuffix("the last good checkpoint is FILE, of step 3"), "\(text)")
        #expect(step == "3" && isGood)
    }

    @Test func `weights that are no numbers are not kept`() async throws {
        let (text, step, isGood) = try await failure(wildPlan(.f32, checkpointInterval: 3))
        #expect(
            text.contains("became infinite or no number at step 5 with learning rate \(0.1 * 0x1p160)"),
            "\(text)")
        #expect(text.hasSuffix("the last good checkpoint is FILE, of step 3"), "\(text)")
        #expect(step == "3" && isGood)
    }

    @Test func `weights that are no numbers are no success where nothing is kept either`() async throws {
        // The last step of all loses the weights: no loss comes after it.
        let plan = tinyPlan { ($0.epochCount, $0.schedule) = (1, .stepDecay(interval: 3, factor: 0x1p160)) }
        let error = await #expect(throws: TrainingError.self) { try await tinyTrainer(plan).run() }
        let text = error?.description ?? ""
        #expect(text.contains("became infinite or no number at step 3"), "\(text)")
        #expect(text.hasSuffix("there is no checkpoint yet"), "\(text)")
    }

    @Test func `a training that is to go on from no file is refused`() async {
        let error = await #expect(throws: TrainingError.self) {
            try await tinyTrainer(tinyPlan()).run(resuming: true)
        }
        #expect(error == .noCheckpointFile)
        #expect(error?.description.contains("it was given no checkpoint file") == true)
    }

    @Test func `a training on no images is refused`() async {
        let trainer = ImageTrainer(
            TinyModel(), on: images(0, seed: 1), validation: images(30, seed: 2), plan: tinyPlan(),
            recorder: MemoryRecorder())
        let error = await #expect(throws: TrainingError.self) { try await trainer.run() }
        #expect(error == .nothingToTrain)
        #expect(error?.description.contains("there are no training images") == true)
    }

    @Test func `in half precision the steps are skipped until the scale is at its least`() async throws {
        let recorder = MemoryRecorder()
        let plan = tinyPlan { plan in
            plan.precision = .f16(LossScale(start: 0x1p40, minimum: 0x1p37))
        }
        let trainer = tinyTrainer(plan, recorder)
        let error = await #expect(throws: TrainingError.self) { try await trainer.run() }
        let text = error?.description ?? ""
        #expect(
            text.contains("may not fall below 137438953472.0 (4 steps were skipped) at step 3"), "\(text)")
        #expect(text.hasSuffix("there is no checkpoint yet"), "\(text)")
        #expect(recorder.series("train/loss_scale") == [0x1p40, 0x1p39, 0x1p38])
        #expect(recorder.series("train/skipped_steps") == [1, 2, 3])
    }

    @Test func `a plateau without validation images is refused`() async {
        let trainer = tinyTrainer(tinyPlan { $0.plateau = PlateauPlan() }, validates: false)
        let error = await #expect(throws: TrainingError.self) { try await trainer.run() }
        #expect(error?.description.contains("there are no validation images") == true)
    }
}
