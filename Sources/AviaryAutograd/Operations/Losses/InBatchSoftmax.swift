import AviaryTensors

/// The loss of two towers whose rows belong together: each query must find its own item among the batch's items.
///
/// The cross entropy of the rows of `queries · itemsᵀ / temperature` with the diagonal as labels.
///
/// - Parameters:
///   - queries: `[N, D]`.
///   - items: `[N, D]`, row `i` being the one that belongs to query `i`.
///   - temperature: What the similarities are divided by; small ones sharpen the softmax.
/// - Returns: A scalar, in nats.
///
/// Source: Yi et al. 2019 (sampling-bias-corrected neural modeling), equation 3, without its correction.
public func inBatchSoftmax(queries: Variable, items: Variable, temperature: Double = 1) -> Variable {
    guard queries.shape.count == 2, queries.shape == items.shape else {
        shapeMistake("in-batch softmax", queries.shape, items.shape)
    }
    // Of the queries, which are fewer numbers than the similarities.
    let sharp = temperature == 1 ? queries : queries / temperature  // [N, D]
    let similarities = linear(sharp, weight: items, bias: nil)  // [N, N]
    let diagonal = Tensor(Array(0..<Int64(queries.shape[0])), shape: [queries.shape[0]])
    return softmaxCrossEntropy(similarities, labels: diagonal)
}
