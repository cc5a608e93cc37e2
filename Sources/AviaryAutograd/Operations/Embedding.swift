public import AviaryTensors

/// Looks up a row of a table for each index.
///
/// - Parameters:
///   - indices: int64 or int32 of any shape, each in `0..<V`.
///   - weight: `[V, D]`.
///   - paddingIndex: A row whose gradient stays zero; its numbers are used like any other's. A negative one counts
///     from the end, and one outside of the table stops the program.
///   - isSparse: Whether an optimizer is to let the rows rest that were not looked up.
/// - Returns: `[indices…, D]`.
///
/// The upstream rows of equal indices are added up in double precision, in their order. The gradient is kept as the
/// rows that were looked up. It stands for a whole table `[V, D]` whose other rows are zero, or with `isSparse` for
/// these rows alone: then a step of an optimizer touches no other (`AviaryOptimizers` says what each makes of that).
/// Where the same table gets a dense gradient as well, in tied weights, the sum is dense.
///
/// Source: PyTorch `torch.nn.functional.embedding(sparse=)`.
public func embedding(
    _ indices: Tensor, weight: Variable, paddingIndex: Int? = nil, isSparse: Bool = false
) -> Variable {
    weight.arithmetic("embedding") { weight in
        let output = weight.tensor.embedded(indices)
        let rowCount = weight.shape[0]
        let paddingIndex = paddingIndex.map { paddingRow($0, of: rowCount) }
        return weight.pass.recordSparse(output, from: [weight]) { upstream in
            let rows = RowGradient(
                ids: indices, upstream: upstream, rowCount: rowCount, paddingIndex: paddingIndex)
            return [isSparse ? .rows(rows) : .zeros(except: rows)]
        }
    }
}

/// The row of a table that a padding index names, -1 being the last; stops the program at one outside of the table.
package func paddingRow(_ index: Int, of rowCount: Int) -> Int {
    guard (-rowCount..<rowCount).contains(index) else {
        fatalError("embedding: padding index \(index) in a table of \(rowCount) rows")
    }
    return index < 0 ? index + rowCount : index
}
