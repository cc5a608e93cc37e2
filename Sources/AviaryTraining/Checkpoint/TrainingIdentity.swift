import AviaryDatasets

/// What makes a training the one that a checkpoint was written by.
struct TrainingIdentity {
    let plan: TrainingPlan
    /// Steps of the whole training.
    let stepCount: Int
    /// How many images train and validate, and the mean and the deviation of the pixels that train.
    let images: String

    init(_ plan: TrainingPlan, on training: LabelledImages, validation: LabelledImages) {
        self.plan = plan
        stepCount = plan.stepsPerEpoch(imageCount: training.count) * plan.epochCount
        let pixels = ImageNormalisation(of: training)
        images = "\(training.count) \(validation.count) \(pixels.mean) \(pixels.deviation)"
    }

    /// What is wrong with other images than these; `nil` where `other` tells of the same.
    func difference(fromImages other: String) -> String? {
        guard other != images else { return nil }
        let (own, old) = (images.split(separator: " "), other.split(separator: " "))
        guard old.count == own.count else { return "its images are damaged at '\(other)'" }
        let names = [
            "number of training images", "number of validation images", "mean of the training pixels",
            "deviation of the training pixels",
        ]
        let place = own.indices.first { own[$0] != old[$0] } ?? 0
        return "it was written on other images: the \(names[place]) is \(own[place]), that of the "
            + "checkpoint \(old[place])"
    }
}
