import AviaryOptimizers
import AviaryTensors
import Foundation

/// What a checkpoint says in words beside its tensors, and how it is read back.
struct CheckpointText {
    /// Steps done.
    let step: Int
    /// The last step of every series that was recorded.
    let lastSteps: [String: Int64]
    /// The best epoch and its accuracy.
    let best: (epoch: Int, accuracy: Double)?
    /// How often the moving average followed.
    let averageUpdateCount: Int?
    let plateau: Plateau?
    let lossScale: LossScale?
    /// Which kernels it was computed with, by what they compute.
    let kernels: [String: String]

    init(_ state: TrainingState) {
        (step, lastSteps) = (state.step, state.lastSteps)
        kernels = state.kernels.choices
        best = state.best.map { ($0.epoch, $0.accuracy) }
        averageUpdateCount = state.average?.updateCount
        (plateau, lossScale) = (state.plateau, state.lossScale)
    }

    /// The file's table of texts.
    func metadata(_ training: TrainingIdentity) throws -> [String: String] {
        let plan = training.plan
        let steps = lastSteps.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        var texts = [
            "step": String(step), "seed": String(plan.seed), "plan": plan.description,
            "optimizer": plan.optimizer.name, "last_steps": steps.joined(separator: "\n"),
            "images": training.images,
        ]
        if !kernels.isEmpty { texts["kernels"] = kernels.lines }
        if let best { texts["best"] = "\(best.epoch) \(best.accuracy)" }
        if let averageUpdateCount { texts["average_updates"] = String(averageUpdateCount) }
        if let plateau {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys  // equal states give equal files
            texts["plateau"] = String(decoding: try encoder.encode(plateau), as: UTF8.self)
        }
        if let lossScale {
            texts["loss_scale"] =
                "\(lossScale.value) \(lossScale.goodStepCount) \(lossScale.skippedStepCount)"
        }
        return texts
    }

    /// Reads where the training was, and refuses a file that is not a checkpoint of this one.
    init(
        _ texts: [String: String], file: String, of training: TrainingIdentity
    ) throws(TrainingError) {
        let (plan, stepCount) = (training.plan, training.stepCount)
        func refused(_ problem: String) -> TrainingError { .foreignCheckpoint(file: file, problem: problem) }
        guard let step = texts["step"].flatMap(Int.init), let series = texts["last_steps"] else {
            throw refused("it holds weights only, no step")
        }
        // Written since there is a choice.
        let optimizer = texts["optimizer"] ?? "sgd"
        guard optimizer == plan.optimizer.name else {
            throw refused("its optimizer is \(optimizer), that of the recipe \(plan.optimizer.name)")
        }
        if let difference = plan.difference(from: texts["plan"] ?? "") {
            throw refused("it was written by another recipe: \(difference)")
        }
        // Written since there were checkpoints that did not say.
        if let images = texts["images"], let problem = training.difference(fromImages: images) {
            throw refused(problem)
        }
        guard (0...stepCount).contains(step) else {
            throw refused("its step is \(step), and the training has \(stepCount)")
        }
        self.step = step
        var steps: [String: Int64] = [:]
        for line in series.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let last = Int64(parts[0]), (0..<Int64(step)).contains(last) else {
                throw refused("its table of series is damaged at '\(line)'")
            }
            steps[String(parts[1])] = last
        }
        lastSteps = steps
        best = try Self.best(texts["best"], plan, refused)
        averageUpdateCount = try Self.averageUpdateCount(texts["average_updates"], plan, step, refused)
        plateau = try Self.plateau(texts["plateau"], plan, refused)
        lossScale = try Self.lossScale(texts["loss_scale"], plan, step, refused)
        kernels = try Self.kernels(texts["kernels"], refused)
    }

    private static func kernels(
        _ text: String?, _ refused: (String) -> TrainingError
    ) throws(TrainingError) -> [String: String] {
        var kernels: [String: String] = [:]
        for line in (text ?? "").split(separator: "\n") {
            let parts = line.split(separator: "\t")
            guard parts.count == 2 else { throw refused("its table of kernels is damaged at '\(line)'") }
            kernels[String(parts[0])] = String(parts[1])
        }
        return kernels
    }

    private static func best(
        _ text: String?, _ plan: TrainingPlan, _ refused: (String) -> TrainingError
    ) throws(TrainingError) -> (epoch: Int, accuracy: Double)? {
        guard let text else { return nil }
        let parts = text.split(separator: " ")
        guard parts.count == 2, let epoch = Int(parts[0]), let accuracy = Double(parts[1]),
            epoch >= 1, epoch <= plan.epochCount, (0...1).contains(accuracy)
        else { throw refused("its best epoch is damaged at '\(text)'") }
        return (epoch, accuracy)
    }

    private static func averageUpdateCount(
        _ text: String?, _ plan: TrainingPlan, _ step: Int, _ refused: (String) -> TrainingError
    ) throws(TrainingError) -> Int? {
        guard plan.averageDecay != nil else { return nil }
        guard let count = text.flatMap(Int.init), (0...step).contains(count) else {
            throw refused("the count of its moving average is damaged at '\(text ?? "")'")
        }
        return count
    }

    private static func plateau(
        _ text: String?, _ plan: TrainingPlan, _ refused: (String) -> TrainingError
    ) throws(TrainingError) -> Plateau? {
        guard let start = plan.plateau?.plateau(rate: plan.learningRate) else { return nil }
        let bytes = Data((text ?? "").utf8)
        let decoder = JSONDecoder()
        guard let plateau = try? decoder.decode(Plateau.self, from: bytes),
            let counts = try? decoder.decode(PlateauCounts.self, from: bytes),
            plateau.hasSettings(of: start), plateau.rate <= start.rate,
            plateau.rate >= min(start.minimumRate, start.rate), counts.fit(start)
        else { throw refused("its plateau is damaged at '\(text ?? "")'") }
        return plateau
    }

    private static func lossScale(
        _ text: String?, _ plan: TrainingPlan, _ step: Int, _ refused: (String) -> TrainingError
    ) throws(TrainingError) -> LossScale? {
        guard var scale = plan.precision.lossScale else { return nil }
        let parts = (text ?? "").split(separator: " ")
        guard parts.count == 3, let value = Double(parts[0]), let good = Int(parts[1]),
            let skipped = Int(parts[2]), skipped <= step,
            scale.restore(value: value, goodStepCount: good, skippedStepCount: skipped)
        else { throw refused("its loss scale is damaged at '\(text ?? "")'") }
        return scale
    }
}

/// What a plateau counts, as its text has it.
private struct PlateauCounts: Decodable {
    let worseCount: Int
    let cooldownLeft: Int

    /// Whether a plateau of these settings can have counted so far.
    func fit(_ plateau: Plateau) -> Bool {
        worseCount >= 0 && worseCount <= plateau.patience && cooldownLeft >= 0
            && cooldownLeft <= plateau.cooldown
    }
}

extension Plateau {
    /// Whether all that never moves is that of `other`.
    fileprivate func hasSettings(of other: Plateau) -> Bool {
        aim == other.aim && factor == other.factor && patience == other.patience
            && threshold == other.threshold && cooldown == other.cooldown
            && minimumRate == other.minimumRate && smallestFall == other.smallestFall
    }
}

extension [String: String] {
    /// A line for each entry, in order: key, tab, value.
    var lines: String { sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value)\n" }.joined() }
}
