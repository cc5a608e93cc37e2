import AviaryTensors

/// Vectors of length `gain`, orthogonal to each other, drawn evenly from all such: the rows of `[rows,
/// rest…]`, or its columns where there are more rows.
///
/// Normal vectors are made orthogonal one after the other in double precision (Gram and Schmidt). That is the
/// factor Q of PyTorch's `orthogonal_`, whose signs are chosen so that R has a positive diagonal.
func orthogonalTensor(_ shape: [Int], gain: Double, from stream: inout RandomStream) -> Tensor {
    guard shape.count >= 2 else { shapeMistake("orthogonal", shape, "[out, in, …]") }
    let (rows, columns) = (shape[0], shape.dropFirst().reduce(1, *))
    let (count, length) = (min(rows, columns), max(rows, columns))
    var vectors: [[Double]] = []
    for _ in 0..<count {
        var vector = (0..<length).map { _ in stream.normal() }
        // Twice: once alone loses digits where a vector lies near the others (Giraud et al. 2005).
        for _ in 0..<2 {
            for other in vectors { subtractProjection(of: &vector, on: other) }
        }
        let size = dot(vector, vector).squareRoot()
        vectors.append(vector.map { $0 / size })
    }
    let values = (0..<rows * columns).map { index in
        let (row, column) = index.quotientAndRemainder(dividingBy: columns)
        return Float(gain * (rows <= columns ? vectors[row][column] : vectors[column][row]))
    }
    return Tensor(values, shape: shape)
}

private func dot(_ left: [Double], _ right: [Double]) -> Double {
    var total = 0.0
    for index in left.indices { total += left[index] * right[index] }
    return total
}

private func subtractProjection(of vector: inout [Double], on unit: [Double]) {
    let share = dot(vector, unit)
    for index in vector.indices { vector[index] -= share * unit[index] }
}
