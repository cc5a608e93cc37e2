public import AviaryDatasets
public import AviaryOptimizers

/// How a classifier is trained.
public struct TrainingPlan: Sendable, Equatable {
    /// How often every training image is seen.
    public var epochCount = 1
    /// Images of one pass; a step has `accumulation` passes.
    public var batchSize = 128
    /// The peak of the schedule.
    public var learningRate = 0.1
    /// How the learning rate moves with the steps.
    public var schedule = Schedule.oneCycle()
    /// How the peak follows validation besides; `nil` where it stays.
    public var plateau: PlateauPlan?
    /// What changes the parameters.
    public var optimizer = OptimizerPlan.sgd()
    /// How much of each label is spread over all classes.
    public var labelSmoothing = 0.0
    /// How far from 0 each number of a gradient may be; `nil` for no clipping.
    ///
    /// It comes before the clipping by norm.
    public var maximumGradient: Double?
    /// The norm to which all gradients together are clipped; `nil` for no clipping.
    public var maximumGradientNorm: Double?
    /// How many batches give the gradient of one step: that of the mean over all their images.
    ///
    /// The last step of an epoch has fewer where the batches do not come out even.
    public var accumulation = 1
    /// How slowly a moving average follows the weights, which then is evaluated and kept in their place; `nil` for none.
    public var averageDecay: Double?
    /// In which numbers products are computed.
    public var precision = Precision.f32
    /// What is done to the training images.
    public var augmentation = Augmentation.none
    /// Names every random stream of the run.
    public var seed: UInt64 = 0
    /// Steps between checkpoints; one is written at the end of each epoch besides.
    public var checkpointInterval = 200

    /// The defaults above.
    public init() {}

    /// Steps of one epoch over so many images.
    public func stepsPerEpoch(imageCount: Int) -> Int {
        let batchCount = (imageCount + batchSize - 1) / batchSize
        return (batchCount + accumulation - 1) / accumulation
    }
}

/// What a checkpoint is known by: it goes on only under a plan of the same description.
///
/// The order and the words are fixed; a setting that came later stands at the end, and only where it is not the one
/// that every training had before there was a choice. So older checkpoints are still those of their plans.
extension TrainingPlan: CustomStringConvertible {
    /// Every setting that decides what the training does.
    public var description: String {
        "TrainingPlan(" + settings.map { "\($0): \($1)" }.joined(separator: ", ") + ")"
    }

    private var settings: [(String, String)] {
        var list = [
            ("epochCount", "\(epochCount)"), ("batchSize", "\(batchSize)"),
            ("learningRate", "\(learningRate)"), ("schedule", String(reflecting: schedule)),
        ]
        if case .sgd(let momentum, let weightDecay, let isNesterov) = optimizer {
            list += [
                ("momentum", "\(momentum)"), ("weightDecay", "\(weightDecay)"),
                ("isNesterov", "\(isNesterov)"),
            ]
        } else {
            list.append(("optimizer", "\(optimizer)"))
        }
        list += [
            ("labelSmoothing", "\(labelSmoothing)"),
            ("maximumGradientNorm", String(describing: maximumGradientNorm)),
            ("augmentation", String(reflecting: augmentation)), ("seed", "\(seed)"),
            ("checkpointInterval", "\(checkpointInterval)"),
        ]
        if let plateau { list.append(("plateau", "\(plateau)")) }
        if let maximumGradient { list.append(("maximumGradient", "\(maximumGradient)")) }
        if accumulation != 1 { list.append(("accumulation", "\(accumulation)")) }
        if let averageDecay { list.append(("averageDecay", "\(averageDecay)")) }
        if precision != .f32 { list.append(("precision", "\(precision)")) }
        return list
    }
}
