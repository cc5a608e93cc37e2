public import AviaryTensors

/// What the loss of a predicted box against its target measures.
public enum BoxLoss: String, Sendable, CaseIterable {
    /// `1 - IoU`: nothing to learn from boxes that do not overlap.
    case iou
    /// Also how much of the smallest enclosing box neither covers (Rezatofighi et al. 2019, algorithm 1).
    case generalized
    /// Also the distance of the centres (Zheng et al. 2020, equation 7).
    case distance
    /// Also the difference of the aspect ratios (Zheng et al. 2020, equation 10).
    case complete
}

/// One minus the intersection over union of each predicted box with its target, and what `kind` adds.
///
/// - Parameters:
///   - predicted: `[N, 4]`, corners x1 y1 x2 y2 with `x1 ≤ x2` and `y1 ≤ y2`.
///   - target: `[N, 4]`, a constant.
///   - kind: What is measured beside the overlap.
///   - epsilon: Added to denominators.
///   - reduction: How the boxes' losses become the result; the mean over no boxes is 0.
/// - Returns: A scalar, or with `.none` `[N]`.
///
/// Equal to torchvision's `generalized_box_iou_loss`, `distance_box_iou_loss` and `complete_box_iou_loss`.
public func boxLoss(
    _ predicted: Variable, target: Tensor, kind: BoxLoss, epsilon: Double = 1e-7,
    reduction: Reduction = .none
) -> Variable {
    predicted.arithmetic("box loss") { predicted in
        let target = target.widened
        let (values, slopes) = kind.evaluated(predicted.tensor, target, epsilon)
        let rows = predicted.shape[0]
        let losses = predicted.pass.record(values, from: [predicted]) {
            [slopes.multiplying($0.reshaped([rows, 1]))]
        }
        return rows == 0 && reduction != .none ? losses.sum : losses.reduced(by: reduction)
    }
}

extension BoxLoss {
    /// The loss of each row, `[N]`, and its slopes by the predicted corners, `[N, 4]`.
    fileprivate func evaluated(
        _ predicted: Tensor, _ target: Tensor, _ epsilon: Double
    ) -> (values: Tensor, slopes: Tensor) {
        let shape = predicted.shape
        guard shape.count == 2, shape[1] == 4, target.shape == shape else {
            shapeMistake("box loss", shape, target.shape)
        }
        guard predicted.dtype == .f32 || predicted.dtype == .f64 else {
            dtypeMistake("box loss", predicted.dtype, supported: [.f32, .f64])
        }
        guard target.dtype == predicted.dtype else {
            dtypeMistake("box loss's target", target.dtype, supported: [predicted.dtype])
        }
        func evaluate<T: TensorElement & BinaryFloatingPoint>(
            _ type: T.Type
        ) -> (values: Tensor, slopes: Tensor) {
            let (p, t) = (predicted.values(as: T.self), target.values(as: T.self))
            let losses = (0..<shape[0]).map { row in
                let (first, last) = (4 * row, 4 * row + 4)
                let box = Box(predicted: p[first..<last].map { Double($0) })
                return of(box, Box(target: t[first..<last].map { Double($0) }), epsilon)
            }
            let slopes = losses.flatMap { loss in (0..<4).map { T(loss.slopes[$0]) } }
            return (Tensor(losses.map { T($0.value) }, shape: [shape[0]]), Tensor(slopes, shape: shape))
        }
        return predicted.dtype == .f64 ? evaluate(Double.self) : evaluate(Float.self)
    }

    private func of(_ box: Box, _ target: Box, _ epsilon: Double) -> Sloped {
        let intersection = box.intersection(target)
        let union = box.area + target.area - intersection
        let iou = intersection / (union + epsilon)
        let missed = 1 - iou
        let enclosing = box.enclosing(target)
        if self == .iou { return missed }
        if self == .generalized {
            return missed + (enclosing.area - union) / (enclosing.area + epsilon)
        }
        let apart = box.centreDistance(target) / (enclosing.squaredDiagonal + epsilon)
        if self == .distance { return missed + apart }
        let scale = 4 / (Double.pi * Double.pi)
        let v = scale * (target.slant - box.slant).squared
        // The paper's trade-off is a constant of the gradient.
        let alpha = v.value / (missed.value + v.value + epsilon)
        return missed + apart + alpha * v
    }
}

/// A box by its corners.
private struct Box {
    let x1, y1, x2, y2: Sloped

    /// One whose four corners are what slopes are taken by.
    init(predicted c: [Double]) {
        self.init(
            x1: Sloped(c[0], slopes: [1, 0, 0, 0]), y1: Sloped(c[1], slopes: [0, 1, 0, 0]),
            x2: Sloped(c[2], slopes: [0, 0, 1, 0]), y2: Sloped(c[3], slopes: [0, 0, 0, 1]))
    }

    /// A constant one.
    init(target c: [Double]) {
        self.init(x1: Sloped(c[0]), y1: Sloped(c[1]), x2: Sloped(c[2]), y2: Sloped(c[3]))
    }

    private init(x1: Sloped, y1: Sloped, x2: Sloped, y2: Sloped) {
        (self.x1, self.y1, self.x2, self.y2) = (x1, y1, x2, y2)
    }

    private var width: Sloped { x2 - x1 }
    private var height: Sloped { y2 - y1 }
    var area: Sloped { width * height }
    var squaredDiagonal: Sloped { width.squared + height.squared }
    /// The angle of the diagonal, as a measure of the aspect ratio.
    var slant: Sloped { (width / height).arcTangent }

    /// The area that both cover; without slope where they do not overlap.
    func intersection(_ other: Box) -> Sloped {
        let common = Box(
            x1: .greatest(x1, other.x1), y1: .greatest(y1, other.y1), x2: .least(x2, other.x2),
            y2: .least(y2, other.y2))
        let overlaps = common.width.value > 0 && common.height.value > 0
        return overlaps ? common.area : Sloped(0)
    }

    /// The smallest box that holds both.
    func enclosing(_ other: Box) -> Box {
        Box(
            x1: .least(x1, other.x1), y1: .least(y1, other.y1), x2: .greatest(x2, other.x2),
            y2: .greatest(y2, other.y2))
    }

    /// The squared distance of the centres.
    func centreDistance(_ other: Box) -> Sloped {
        let (dx, dy) = (x1 + x2 - (other.x1 + other.x2), y1 + y2 - (other.y1 + other.y2))
        return 0.25 * (dx.squared + dy.squared)
    }
}
