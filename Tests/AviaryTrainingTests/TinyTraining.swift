import AviaryAutograd
import AviaryDatasets
import AviaryLayers
import AviaryTensors
import AviaryTracking
import AviaryTraining
import Foundation
import Synchronization
import Testing

/// Keeps points in memory, as a store would: what comes after a checkpoint is forgotten at a resume.
final class MemoryRecorder: RunRecorder {
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

    /// The values of a series, in the order of their steps.
    func series(_ key: String) -> [Double] {
        points.withLock { $0[key] ?? [:] }.sorted { $0.key < $1.key }.map { Double(bitPattern: $0.value) }
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

/// Small grey images whose class is a bright column.
func images(_ count: Int, seed: UInt64, side: Int = 12) -> LabelledImages {
    var random = RandomStream(seed: seed, name: "images")
    let labels = (0..<count).map { _ in UInt8.random(in: 0..<10, using: &random) }
    let pixels = labels.flatMap { label in
        (0..<side * side).map {
            UInt8(
                clamping: Int($0 % side == Int(label) ? 200 : 40) + Int.random(in: -30...30, using: &random))
        }
    }
    return LabelledImages(
        channels: 1, height: side, width: side, pixels: pixels, labels: labels,
        classNames: (0..<10).map(String.init))
}

/// Two linear layers with a dropout between: small, and it draws random numbers.
struct TinyModel: Layer {
    let first: Linear
    let dropout: Dropout
    let second: Linear

    init(dropout probability: Double = 0.2) {
        var random = RandomStream(seed: 3, name: "initialisation")
        first = Linear(144, 8, random: &random)
        dropout = Dropout(probability)
        second = Linear(8, 10, random: &random)
    }

    func callAsFunction(_ x: Variable) -> Variable {
        second(dropout(relu(first(x.flattened))))
    }
}

/// A training of 60 images in batches of 16: four batches an epoch, the last of 12.
func tinyTrainer(
    _ plan: TrainingPlan, _ recorder: MemoryRecorder = MemoryRecorder(), model: any Layer = TinyModel(),
    file: String? = nil, validates: Bool = true
) -> ImageTrainer {
    ImageTrainer(
        model, on: images(60, seed: 1), validation: images(validates ? 30 : 0, seed: 2), plan: plan,
        recorder: recorder, checkpointFile: file)
}

/// A plan for it.
func tinyPlan(_ change: (inout TrainingPlan) -> Void = { _ in }) -> TrainingPlan {
    var plan = TrainingPlan()
    (plan.epochCount, plan.batchSize, plan.seed, plan.checkpointInterval) = (3, 16, 11, 2)
    plan.augmentation = Augmentation(cropPadding: 1, flips: true)
    change(&plan)
    return plan
}

/// Runs `body` with a folder that is removed afterwards.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}

extension ImageTrainer {
    /// Runs until so many steps are done, and is cancelled there.
    func run(interruptedAfter step: Int) async throws {
        let task = Task {
            try await run { progress in
                if progress.step == step { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
