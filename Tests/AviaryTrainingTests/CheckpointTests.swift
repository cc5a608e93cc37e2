import AviaryCheckpoints
import AviaryDatasets
import AviaryLayers
import AviaryOptimizers
import AviaryTensors
import AviaryTraining
import Foundation
import Testing

/// What a training refuses to go on from, and what it says of it.
struct CheckpointTests {
    /// Trains a little, changes the checkpoint, and tries to go on under a plan.
    private func refusal(
        of written: TrainingPlan, under plan: TrainingPlan? = nil,
        _ change: (inout Safetensors) -> Void = { _ in }
    ) async throws -> String {
        var text = ""
        try await withFolder { folder in
            let file = folder + "/checkpoint"
            try await tinyTrainer(written, file: file).run(interruptedAfter: 5)
            var content = try Safetensors(contentsOf: file)
            change(&content)
            try content.write(to: file)
            let model = TinyModel()
            let before = Safetensors(tensors: model.stateDictionary()).bytes
            let plan = plan ?? written
            let trainer = tinyTrainer(plan, model: model, file: file)
            let error = await #expect(throws: TrainingError.self) { try await trainer.run(resuming: true) }
            let first = #expect(throws: TrainingError.self) {
                _ = try lastStepsOfCheckpoint(
                    file, of: TinyModel(), on: images(60, seed: 1), validation: images(30, seed: 2),
                    plan: plan)
            }
            #expect(first == error, "it is refused only after points were removed")
            text = (error?.description ?? "").replacing(file, with: "FILE")
            #expect(Safetensors(tensors: model.stateDictionary()).bytes == before, "the model was touched")
        }
        return text
    }

    @Test(arguments: [
        (tinyPlan { $0.learningRate = 0.5 }, "its learningRate is 0.1, that of the recipe 0.5"),
        (tinyPlan { $0.averageDecay = 0.9 }, "its averageDecay is not set, that of the recipe 0.9"),
        (
            tinyPlan { $0.schedule = .constant },
            "its schedule is AviaryOptimizers.Schedule.oneCycle(warmUpShare: 0.3, startDivisor: 25.0, "
                + "endDivisor: 10000.0), that of the recipe AviaryOptimizers.Schedule.constant"
        ),
    ])
    func `another plan is refused with what differs`(other: TrainingPlan, difference: String) async throws {
        let text = try await refusal(of: tinyPlan(), under: other)
        #expect(text == "FILE cannot be resumed: it was written by another recipe: \(difference)")
    }

    @Test func `a setting that only the checkpoint has is named`() async throws {
        let text = try await refusal(of: tinyPlan { $0.accumulation = 2 }, under: tinyPlan())
        #expect(text.hasSuffix("its accumulation is 2, that of the recipe not set"), "\(text)")
    }

    @Test func `a plan that is none is refused`() async throws {
        let text = try await refusal(of: tinyPlan()) { $0.metadata["plan"] = nil }
        #expect(text.hasSuffix("it was written by another recipe: its plan is damaged at ''"), "\(text)")
    }

    @Test func `another optimizer is refused by name`() async throws {
        let text = try await refusal(of: tinyPlan { $0.optimizer = .adam() }, under: tinyPlan())
        #expect(text == "FILE cannot be resumed: its optimizer is adam, that of the recipe sgd")
    }

    @Test func `tensors that do not fit are listed with their paths and what would fit`() async throws {
        let text = try await refusal(of: tinyPlan { ($0.optimizer, $0.averageDecay) = (.adam(), 0.9) }) {
            file in
            file.tensors["model.second.weight"] = .zeros([4, 8])
            file.tensors["average.first.bias"] = .zeros([8], dtype: .f64)
            file.tensors["optimizer.stepCount.3"] = nil
            file.tensors["best.second.bias"] = nil
            file.tensors["model.third.bias"] = .zeros([10])
        }
        #expect(
            text
                == "FILE cannot be resumed: its tensors do not fit; missing: best.second.bias (f32 [10]), "
                + "optimizer.stepCount.3 (int64 []); unexpected: model.third.bias (f32 [10]); "
                + "of another shape or kind: average.first.bias is f64 [8], wanted f32 [8], "
                + "model.second.weight is f32 [4, 8], wanted f32 [10, 8]")
    }

    @Test func `a negative count of steps is refused`() async throws {
        let text = try await refusal(of: tinyPlan { $0.optimizer = .adam() }) { file in
            file.tensors["optimizer.stepCount.0"] = Tensor(Int64(-1))
        }
        #expect(text.contains("stepCount.0 is -1, wanted 0 or more"), "\(text)")
    }

    @Test(arguments: [
        ("average_updates", "-1", "the count of its moving average is damaged at '-1'"),
        ("average_updates", nil, "the count of its moving average is damaged at ''"),
        ("plateau", "{}", "its plateau is damaged at '{}'"),
        ("loss_scale", "0 0 0", "its loss scale is damaged at '0 0 0'"),
        ("loss_scale", "1024 2000 0", "its loss scale is damaged at '1024 2000 0'"),
        ("loss_scale", nil, "its loss scale is damaged at ''"),
        ("loss_scale", "1e300 0 0", "its loss scale is damaged at '1e300 0 0'"),
        ("loss_scale", "1024 0 6", "its loss scale is damaged at '1024 0 6'"),
        ("best", "2", "its best epoch is damaged at '2'"),
        ("best", "0 0.5", "its best epoch is damaged at '0 0.5'"),
        ("best", "4 0.5", "its best epoch is damaged at '4 0.5'"),
        ("best", "1 nan", "its best epoch is damaged at '1 nan'"),
        ("step", "-5", "its step is -5, and the training has 12"),
        ("images", "60 30", "its images are damaged at '60 30'"),
        ("step", "13", "its step is 13, and the training has 12"),
        ("average_updates", "6", "the count of its moving average is damaged at '6'"),
        ("last_steps", "5 train/loss", "its table of series is damaged at '5 train/loss'"),
        ("last_steps", "-1 train/loss", "its table of series is damaged at '-1 train/loss'"),
    ])
    func `damaged words are refused`(key: String, value: String?, problem: String) async throws {
        let plan = tinyPlan { ($0.averageDecay, $0.plateau, $0.precision) = (0.9, PlateauPlan(), .f16()) }
        let text = try await refusal(of: plan) { $0.metadata[key] = value }
        #expect(text == "FILE cannot be resumed: \(problem)")
    }

    @Test(arguments: [
        ("\"patience\":10", "\"patience\":11"), ("\"factor\":0.1", "\"factor\":0.2"),
        ("\"rate\":0.1", "\"rate\":0.3"), ("\"rate\":0.1", "\"rate\":-1"),
        ("\"worseCount\":", "\"worseCount\":9223372036854775"),
        ("\"cooldownLeft\":0", "\"cooldownLeft\":1"),
    ])
    func `a plateau of other settings or counts is refused`(old: String, new: String) async throws {
        let text = try await refusal(of: tinyPlan { $0.plateau = PlateauPlan() }) { file in
            let before = file.metadata["plateau"] ?? ""
            #expect(before.contains(old), "\(before)")
            file.metadata["plateau"] = before.replacing(old, with: new)
        }
        #expect(text.hasPrefix("FILE cannot be resumed: its plateau is damaged at '{"), "\(text)")
    }

    @Test func `a parameter that moved more often than there were steps is refused`() async throws {
        let text = try await refusal(of: tinyPlan { $0.optimizer = .adam() }) { file in
            file.tensors["optimizer.stepCount.1"] = Tensor(Int64.max)
        }
        #expect(
            text
                == "FILE cannot be resumed: optimizer.stepCount.1 is 9223372036854775807, "
                + "wanted no more than the 5 steps that are done")
    }

    @Test(arguments: [
        ([], "the number of training images is 60, that of the checkpoint 61"),
        ([0], "the number of validation images is 30, that of the checkpoint 31"),
        ([0, 1], "the mean of the training pixels is MEAN, that of the checkpoint 0.5"),
        ([0, 1, 2], "the deviation of the training pixels is DEVIATION, that of the checkpoint 0.5"),
    ])
    func `other images are refused by what differs`(equal: [Int], difference: String) async throws {
        let pixels = ImageNormalisation(of: images(60, seed: 1))
        let text = try await refusal(of: tinyPlan()) { file in
            let own = (file.metadata["images"] ?? "").split(separator: " ").map(String.init)
            #expect(own == ["60", "30", "\(pixels.mean)", "\(pixels.deviation)"])
            let other = ["61", "31", "0.5", "0.5"]
            let mixed = other.indices.map { equal.contains($0) ? own[$0] : other[$0] }
            file.metadata["images"] = mixed.joined(separator: " ")
        }
        let wanted = difference.replacing("MEAN", with: "\(pixels.mean)")
            .replacing("DEVIATION", with: "\(pixels.deviation)")
        #expect(text == "FILE cannot be resumed: it was written on other images: \(wanted)")
    }

    @Test func `a checkpoint from before there was a choice of optimizers or a word of images is resumed`()
        async throws
    {
        try await withFolder { folder in
            let file = folder + "/checkpoint"
            try await tinyTrainer(tinyPlan(), file: file).run(interruptedAfter: 5)
            var content = try Safetensors(contentsOf: file)
            #expect(content.metadata.removeValue(forKey: "optimizer") == "sgd")
            #expect(content.metadata.removeValue(forKey: "images") != nil)
            try content.write(to: file)
            try await tinyTrainer(tinyPlan(), file: file).run(resuming: true)
        }
    }

    @Test(arguments: [
        (["step": "3"], "it holds weights only, no step"), (["last_steps": "2 train/loss"], "no step"),
        (["step": "3", "last_steps": "x train/loss"], "its table of series is damaged at 'x train/loss'"),
        (["step": "3", "last_steps": "7"], "its table of series is damaged at '7'"),
    ])
    func `what is no checkpoint names no steps to keep`(
        metadata: [String: String], problem: String
    ) async throws {
        try await withFolder { folder in
            let plan = tinyPlan()
            let whole = metadata.merging(["plan": plan.description]) { given, _ in given }
            try Safetensors(tensors: [:], metadata: whole).write(to: folder + "/file")
            let error = #expect(throws: TrainingError.self) {
                _ = try lastStepsOfCheckpoint(
                    folder + "/file", of: TinyModel(), on: images(60, seed: 1),
                    validation: images(30, seed: 2),
                    plan: plan)
            }
            #expect(error?.description.contains(problem) == true, "\(error?.description ?? "none")")
        }
    }
}
