public import AviaryTensors

/// Looks up a row of a table for each index.
///
/// - Parameters:
///   - indices: int64 of any shape, each in `0..<V`.
///   - weight: `[V, D]`.
///   - paddingIndex: A row whose gradient stays zero; its numbers are used like any other's.
/// - Returns: `[indices…, D]`.
///
/// The gradient is dense: `[V, D]`, the upstream rows of equal indices added up in double precision.
public func embedding(_ indices: Tensor, weight: Variable, paddingIndex: Int? = nil) -> Variable {
    let table = weight.shape
    let output = weight.tensor.embedded(indices)
    return weight.pass.record(output, from: [weight]) {
        [$0.embeddingGradient(indices: indices, table: table, paddingIndex: paddingIndex)]
    }
}
