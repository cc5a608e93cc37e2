import AviaryAutograd
import AviaryTensors

/// Gradients of just these values: those of `Σ parameter · value`, for the parameters that have one.
func givenGradients(_ parameters: [Parameter], _ values: [Tensor?]) -> Gradients {
    let pass = Pass(.training)
    let terms = zip(parameters, values).compactMap { parameter, value in
        value.map { (pass.use(parameter) * pass.input($0)).sum }
    }
    return terms.dropFirst().reduce(terms[0], +).backward()
}

/// The gradient by a table whose rows `ids` were looked up and then had this gradient; equal ids add up.
func rowGradients(
    _ table: Parameter, _ ids: [Int64], _ upstream: Tensor, isSparse: Bool = true
) -> Gradients {
    let pass = Pass(.training)
    let rows = embedding(Tensor(ids, shape: [ids.count]), weight: pass.use(table), isSparse: isSparse)
    return rows.backward(from: upstream)
}
