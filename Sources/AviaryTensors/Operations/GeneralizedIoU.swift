/// How well each of some boxes fits each of others: the intersection over the union of both, less the share of the
/// smallest enclosing box that neither covers.
///
/// For the costs of a matching; the loss of boxes that belong together is `boxLoss` of kind `.generalized`.
///
/// - Parameters:
///   - boxes: `[N, 4]` of reals, corners x1 y1 x2 y2 with `x1 ≤ x2` and `y1 ≤ y2`.
///   - others: `[M, 4]` of the same kind; bf16 and f16 go with f32.
/// - Returns: `[N, M]` of f64 or f32 in -1...1; NaN where both boxes are one point.
///
/// Source: Rezatofighi et al. 2019, algorithm 1; as torchvision's `generalized_box_iou`, but computed in double
/// precision.
public func generalizedIoU(_ boxes: Tensor, _ others: Tensor) -> Tensor {
    for given in [boxes, others] {
        guard given.shape.count == 2, given.shape[1] == 4 else {
            shapeMistake("generalized IoU", given.shape, "[boxes, 4]")
        }
        given.dtype.require([.f32, .f64, .bf16, .f16], "generalized IoU")
    }
    // Boxes that autocast has rounded are computed with in f32, as torchvision does.
    let (boxes, others) = (boxes.widened, others.widened)
    guard boxes.dtype == others.dtype else {
        dtypeMistake("generalized IoU of \(boxes.dtype)", others.dtype, supported: [boxes.dtype])
    }
    let (left, right) = (corners(boxes), corners(others))
    let fits = left.flatMap { box in right.map { box.generalizedIoU($0) } }
    return Tensor(fits, shape: [left.count, right.count]).cast(to: boxes.dtype)
}

private func corners(_ boxes: Tensor) -> [Corners] {
    let numbers = boxes.cast(to: .f64).values(as: Double.self)
    return stride(from: 0, to: numbers.count, by: 4).map {
        Corners(x1: numbers[$0], y1: numbers[$0 + 1], x2: numbers[$0 + 2], y2: numbers[$0 + 3])
    }
}

private struct Corners {
    let x1, y1, x2, y2: Double

    var area: Double { (x2 - x1) * (y2 - y1) }

    func generalizedIoU(_ other: Corners) -> Double {
        let common = Corners(
            x1: max(x1, other.x1), y1: max(y1, other.y1), x2: min(x2, other.x2), y2: min(y2, other.y2))
        let enclosing = Corners(
            x1: min(x1, other.x1), y1: min(y1, other.y1), x2: max(x2, other.x2), y2: max(y2, other.y2))
        let overlaps = common.x1 < common.x2 && common.y1 < common.y2
        let intersection = overlaps ? common.area : 0
        let union = area + other.area - intersection
        return intersection / union - (enclosing.area - union) / enclosing.area
    }
}
