import AviaryCheckpoints
public import AviaryDatasets
public import AviaryLayers
import AviaryOptimizers
import AviaryTensors

/// Everything a training needs to go on exactly, in one file: weights, running statistics, the optimizer's state, the
/// moving average and the best epoch, each under its own prefix, and where the training is.
enum Checkpoint {
    private enum Prefix {
        static let model = "model."
        static let optimizer = "optimizer."
        static let average = "average."
        static let best = "best."
    }

    /// Writes the state, unless a number in it is not finite: what is on disk is always good.
    static func write(_ state: TrainingState, to path: String, of training: TrainingIdentity) throws {
        let tensors = tensors(of: state)
        try requireFinite(tensors)
        let metadata = try CheckpointText(state).metadata(training)
        try Safetensors(tensors: tensors, metadata: metadata).write(to: path)
    }

    /// Throws where a number that `write` would keep is not finite.
    static func requireFinite(_ state: TrainingState) throws(Divergence) {
        try requireFinite(tensors(of: state))
    }

    private static func requireFinite(_ tensors: [String: Tensor]) throws(Divergence) {
        if let key = tensors.keys.sorted().first(where: { tensors[$0]?.isFinite == false }) {
            throw .state(key: key)
        }
    }

    /// Brings model, optimizer and all that moves to where a checkpoint was; all of it fits or nothing is changed.
    static func read(
        _ path: String, into state: inout TrainingState, of training: TrainingIdentity
    ) throws {
        let file = try Safetensors(contentsOf: path)
        let text = try CheckpointText(file.metadata, file: path, of: training)
        var wanted = tensors(of: state)
        if text.best != nil {
            wanted.merge(state.model.stateDictionary(prefix: Prefix.best)) { own, _ in own }
        }
        if let mismatch = CheckpointMismatch(file.tensors, wanted: wanted) {
            throw TrainingError.checkpointMismatch(file: path, mismatch)
        }
        try refuseCounts(of: file, beyond: text.step, at: path)
        do {
            try state.optimizer.restore(tensors(of: file, under: Prefix.optimizer))
            try state.average?.restore(
                tensors(of: file, under: Prefix.average), updateCount: text.averageUpdateCount ?? 0)
        } catch {
            throw TrainingError.foreignCheckpoint(file: path, problem: "\(error)")
        }
        state.model.restore(file.tensors, prefix: Prefix.model)
        (state.step, state.lastSteps) = (text.step, text.lastSteps)
        (state.plateau, state.lossScale) = (text.plateau, text.lossScale)
        state.kernels.adopt(text.kernels)
        state.best = text.best.map {
            BestEpoch(epoch: $0.epoch, accuracy: $0.accuracy, state: tensors(of: file, under: Prefix.best))
        }
    }

    /// No parameter has moved more often than there were steps.
    private static func refuseCounts(
        of file: Safetensors, beyond step: Int, at path: String
    ) throws(TrainingError) {
        for (key, tensor) in file.tensors.sorted(by: { $0.key < $1.key })
        where key.hasPrefix(Prefix.optimizer + "stepCount.") {
            guard let count = tensor.values(as: Int64.self).first(where: { $0 > step }) else { continue }
            let problem = "\(key) is \(count), wanted no more than the \(step) steps that are done"
            throw .foreignCheckpoint(file: path, problem: problem)
        }
    }

    /// All tensors of a state by their names in the file.
    private static func tensors(of state: TrainingState) -> [String: Tensor] {
        var tensors = state.model.stateDictionary(prefix: Prefix.model)
        for (key, tensor) in state.optimizer.state { tensors[Prefix.optimizer + key] = tensor }
        for (key, tensor) in state.average?.state ?? [:] { tensors[Prefix.average + key] = tensor }
        for (key, tensor) in state.best?.state ?? [:] { tensors[Prefix.best + key] = tensor }
        return tensors
    }

    /// The tensors whose keys begin with `prefix`, by what follows it.
    private static func tensors(of file: Safetensors, under prefix: String) -> [String: Tensor] {
        let named = file.tensors.filter { $0.key.hasPrefix(prefix) }
        let pairs = named.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
        return Dictionary(pairs) { first, _ in first }
    }
}

extension Tensor {
    /// Whether no number is infinite or NaN; whole numbers never are.
    fileprivate var isFinite: Bool {
        guard dtype.isReal else { return true }
        // Squares of f32 have room in the double precision in which they are added up.
        let wide = dtype.isLowPrecision ? cast(to: .f32) : self
        return wide.sumOfSquares.isFinite
    }
}

/// The last step of every series that a checkpoint of this training knows of; a recorder removes what came later.
///
/// Throws where the training cannot go on from the file: ask before anything is removed. All of the file is read as it
/// would be then, so `model` is one made for the question: it ends with the checkpoint's weights.
public func lastStepsOfCheckpoint(
    _ path: String, of model: any Layer, on training: LabelledImages, validation: LabelledImages,
    plan: TrainingPlan
) throws -> [String: Int64] {
    var state = TrainingState(model, plan: plan)
    let identity = TrainingIdentity(plan, on: training, validation: validation)
    try Checkpoint.read(path, into: &state, of: identity)
    return state.lastSteps
}
