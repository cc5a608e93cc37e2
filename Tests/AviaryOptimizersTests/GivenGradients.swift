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
