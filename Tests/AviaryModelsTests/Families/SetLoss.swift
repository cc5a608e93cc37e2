import AviaryAutograd
import AviaryTensors

// Letters: B images, Q queries, T boxes of an image, K classes.

/// The objects of an image.
struct DetectorTarget {
    /// The class of each.
    let classes: [Int64]
    /// Four numbers of each: the centre's x and y, width, height.
    let boxes: [Float]
}

/// The loss of a set of answers: of classes, distances and overlaps.
///
/// Source: Carion et al. 2020, equations 1 and 2.
struct SetLoss {
    /// How much the overlap counts beside the class, in the choice and in the loss.
    let overlapWeight = 2.0
    /// How much the distance counts.
    let distanceWeight = 5.0
    /// How much a query counts that has no object.
    let emptyWeight: Float = 0.1

    /// A scalar.
    func callAsFunction(_ answer: DetectorAnswer, _ targets: [DetectorTarget]) throws -> Variable {
        let shape = answer.logits.shape
        let (queries, classes) = (shape[1], shape[2])
        let logits = answer.logits.reshaped([shape[0] * queries, classes])
        let boxes = answer.boxes.reshaped([shape[0] * queries, 4])
        var labels = [Int64](repeating: Int64(classes - 1), count: shape[0] * queries)
        var chosen: [Int64] = []
        var wanted: [Float] = []
        for (image, target) in targets.enumerated() {
            let own = image * queries..<(image + 1) * queries
            let pairs = try matching(
                logits.sliced(own, along: 0), boxes.sliced(own, along: 0), target)
            for (query, object) in pairs {
                labels[own.lowerBound + query] = target.classes[object]
                chosen.append(Int64(own.lowerBound + query))
                wanted += target.boxes[4 * object..<4 * object + 4]
            }
        }
        let weights = [Float](repeating: 1, count: classes - 1) + [emptyWeight]
        let classLoss = crossEntropy(
            logits, labels: Tensor(labels, shape: [labels.count]),
            classWeights: Tensor(weights, shape: [classes]))
        let matched = boxes.indexSelect(axis: 0, indices: Tensor(chosen, shape: [chosen.count]))
        return classLoss + boxLosses(matched, Tensor(wanted, shape: [chosen.count, 4]))
    }

    /// Of boxes `[N, 4]` and their targets.
    private func boxLosses(_ boxes: Variable, _ targets: Tensor) -> Variable {
        let distance = absoluteError(boxes, target: targets, reduction: .sum)
        let corners = cornerBoxes(boxes.pass.input(targets)).tensor
        let missed = boxLoss(
            cornerBoxes(boxes), target: corners, kind: .generalized, epsilon: 0, reduction: .sum)
        return (distanceWeight * distance + overlapWeight * missed) / Double(targets.shape[0])
    }

    /// A query for each object of an image, from logits `[Q, K + 1]` and boxes `[Q, 4]`.
    private func matching(
        _ logits: Variable, _ boxes: Variable, _ target: DetectorTarget
    ) throws -> [(row: Int, column: Int)] {
        let count = target.classes.count
        guard count > 0 else { return [] }
        return try logits.pass.withoutGradient {
            let wanted = logits.pass.input(Tensor(target.boxes, shape: [count, 4]))
            let pairs = [boxes.shape[0], count, 4]
            let probabilities = softmax(logits).indexSelect(
                axis: 1, indices: Tensor(target.classes, shape: [count]))  // [Q, T]
            let distances = absoluteError(
                boxes.unsqueezed(1).broadcast(to: pairs), target: wanted.broadcast(to: pairs).tensor,
                reduction: .none
            ).sum(over: [2])
            let overlaps = logits.pass.input(
                generalizedIoU(cornerBoxes(boxes).tensor, cornerBoxes(wanted).tensor))
            let cost = distanceWeight * distances - probabilities - overlapWeight * overlaps
            return try linearSumAssignment(cost.tensor)
        }
    }
}
