import AviaryCheckpoints
import AviaryDatasets
import AviaryLayers
import AviaryModels
import AviaryOptimizers
import AviaryTensors
import AviaryTracking
import AviaryTraining
import Foundation
import Synchronization
import Testing

/// A training that was interrupted and went on ends where an uninterrupted one does, to the last bit.
struct ExactResumeTests {
    /// Keeps points in memory, as a store would: what comes after a checkpoint is forgotten at a resume.
    private final class MemoryRecorder: RunRecorder {
        let runID = RunID.random()
        let points = Mutex<[String: [Int64: UInt64]]>([:])
        let tags = Mutex<[String: String]>([:])

        func log(_ values: [String: Double], step: Int64) {
            points.withLock { points in
                for (key, value) in values {
                    #expect(points[key]?[step] == nil, "\(key) at step \(step) was logged twice")
                    points[key, default: [:]][step] = value.bitPattern
                }
            }
        }

        func forget(after lastSteps: [String: Int64]) {
            points.withLock { points in
                for key in points.keys {
                    points[key] = points[key]?.filter { $0.key <= lastSteps[key] ?? -1 }
                }
            }
        }

        func logParams(_ params: [String: String]) {}
        func setTags(_ tags: [String: String]) {
            self.tags.withLock { $0.merge(tags) { _, new in new } }
        }
        func logLine(_ line: String) {}
        func logArtifact(_ bytes: [UInt8], path: String) {}
        func check() throws(TrackingError) {}
        func flush() async throws(TrackingError) {}
        func finish(_ status: RunStatus) async throws(TrackingError) {}
    }

    private func images(_ count: Int, seed: UInt64) -> LabelledImages {
        var random = RandomStream(seed: seed, name: "images")
        let labels = (0..<count).map { _ in UInt8.random(in: 0..<10, using: &random) }
        let pixels = labels.flatMap { label in
            (0..<144).map {
                UInt8(
                    clamping: Int($0 % 12 == Int(label) ? 200 : 40) + Int.random(in: -30...30, using: &random)
                )
            }
        }
        return LabelledImages(
            channels: 1, height: 12, width: 12, pixels: pixels, labels: labels,
            classNames: (0..<10).map(String.init))
    }

    private var plan: TrainingPlan {
        var plan = TrainingPlan()
        plan.epochCount = 2
        plan.batchSize = 16
        plan.augmentation = Augmentation(cropPadding: 1, flips: true)
        plan.weightDecay = 1e-3
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
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (whole, wholeRecorder) = (freshModel(), MemoryRecorder())
        try await trainer(whole, wholeRecorder, folder + "/whole").run()

        let (recorder, file) = (MemoryRecorder(), folder + "/parts")
        let first = trainer(freshModel(), recorder, file)
        let task = Task {
            try await first.run { progress in
                if progress.step == interruptedAfter { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        recorder.forget(after: try lastStepsOfCheckpoint(file, plan: plan))
        let resumed = freshModel()
        try await trainer(resumed, recorder, file).run(resuming: true)

        let (expected, actual) = (whole.stateDictionary(), resumed.stateDictionary())
        #expect(Safetensors(tensors: actual).bytes == Safetensors(tensors: expected).bytes)
        let (points, wholePoints) = (recorder.points.withLock { $0 }, wholeRecorder.points.withLock { $0 })
        #expect(points == wholePoints)
        #expect(points["train/loss"]?.count == 16)
        #expect(points["validation/accuracy"]?.count == 2)
        #expect(recorder.tags.withLock { $0 } == wholeRecorder.tags.withLock { $0 })
    }

    @Test(arguments: [nil, 17])
    func `the model ends with the epoch that validation chose`(interruptedAfter: Int?) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: file) }
        var restless = plan
        (restless.epochCount, restless.schedule, restless.learningRate) = (4, .constant, 3)
        let (model, recorder) = (freshModel(), MemoryRecorder())
        let trainer = ImageTrainer(
            model, on: images(120, seed: 1), validation: images(40, seed: 2), plan: restless,
            recorder: recorder, checkpointFile: file)
        if let interruptedAfter {
            let task = Task {
                try await trainer.run { progress in
                    if progress.step == interruptedAfter { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        try await trainer.run(resuming: interruptedAfter != nil)

        let points = try #require(recorder.points.withLock { $0["validation/accuracy"] })
        let accuracies = points.sorted { $0.key < $1.key }.map { Double(bitPattern: $0.value) }
        let best = try #require(accuracies.max())
        try #require(
            accuracies.count == 4 && accuracies[3] < best, "the last epoch is the best: \(accuracies)")
        let epoch = try #require(accuracies.firstIndex(of: best)) + 1
        #expect(recorder.tags.withLock { $0["aviary.best_epoch"] } == String(epoch))
        let normalisation = ImageNormalisation(of: images(120, seed: 1))
        let figures = try await evaluate(model, on: images(40, seed: 2), normalisation: normalisation)
        #expect(figures.accuracy == best)
    }

    @Test func `a checkpoint of another plan is refused`() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try await trainer(freshModel(), MemoryRecorder(), file).run()
        var other = plan
        other.learningRate = 0.5
        let trainer = ImageTrainer(
            freshModel(), on: images(120, seed: 1), validation: images(40, seed: 2), plan: other,
            recorder: MemoryRecorder(), checkpointFile: file)
        let error = await #expect(throws: TrainingError.self) { try await trainer.run(resuming: true) }
        #expect(error?.description.contains("it was written by another recipe") == true)
    }

    @Test(arguments: [
        (["step": "3"], "it holds weights only, no step"), (["last_steps": "2 train/loss"], "no step"),
        (["step": "3", "last_steps": "x train/loss"], "its table of series is damaged at 'x train/loss'"),
        (["step": "3", "last_steps": "7"], "its table of series is damaged at '7'"),
    ])
    func `what is no checkpoint names no steps to keep`(metadata: [String: String], problem: String) throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let whole = metadata.merging(["plan": String(describing: plan)]) { given, _ in given }
        try Safetensors(tensors: [:], metadata: whole).write(to: file)
        let error = #expect(throws: TrainingError.self) { _ = try lastStepsOfCheckpoint(file, plan: plan) }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "none")")
    }

    @Test func `a loss that is no number stops the training and names the step`() async throws {
        var wild = plan
        wild.learningRate = 1e30
        wild.maximumGradientNorm = nil
        let trainer = ImageTrainer(
            freshModel(), on: images(120, seed: 1), validation: images(40, seed: 2), plan: wild,
            recorder: MemoryRecorder())
        let error = await #expect(throws: TrainingError.self) { try await trainer.run() }
        #expect(error?.description.contains("there is no checkpoint yet") == true)
    }
}
