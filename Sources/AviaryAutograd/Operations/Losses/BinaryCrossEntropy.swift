public import AviaryTensors

/// The cross entropy of independent yes-or-no answers, given by their logits.
///
/// `-(w · y · log σ(x) + (1 - y) · log(1 - σ(x)))`, written with `softplus`, which no logit overflows.
///
/// - Parameters:
///   - logits: Any shape.
///   - target: The same shape, each the probability of yes, a constant; int64 and int32 are taken as well.
///   - positiveWeight: `w`, of a shape that broadcasts to that of the logits; `nil` for 1.
///   - reduction: How the elements' losses become the result.
/// - Returns: A scalar, in nats, or with `.none` the shape of the logits.
///
/// Equal to PyTorch's `binary_cross_entropy_with_logits`.
public func binaryCrossEntropy(
    logits: Variable, target: Tensor, positiveWeight: Tensor? = nil, reduction: Reduction = .mean
) -> Variable {
    logits.arithmetic("binary cross entropy") { logits in
        guard target.shape == logits.shape else {
            shapeMistake("binary cross entropy", logits.shape, target.shape)
        }
        let target = target.answers("binary cross entropy", beside: logits.dtype)
        let yes = positiveWeight.map { target.multiplying($0) } ?? target
        guard yes.shape == logits.shape else {
            shapeMistake("binary cross entropy's positive weight", yes.shape, logits.shape)
        }
        let no = target.mapped("binary cross entropy", { 1 - $0 }, { 1 - $0 })
        let ofYes = logits.pass.input(yes) * softplus(-logits)
        let ofNo = logits.pass.input(no) * softplus(logits)
        return (ofYes + ofNo).reduced(by: reduction)
    }
}
