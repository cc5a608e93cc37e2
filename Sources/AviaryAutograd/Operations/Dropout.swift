import AviaryTensors

/// Sets elements to zero at random in training, and scales the others so that the mean stays.
///
/// In evaluation it is the identity. Draws come from the pass's next random stream in row-major order on one
/// thread: the mask depends on the pass's seed and step and on which draw of the pass this is, on nothing else.
///
/// - Parameters:
///   - x: Any shape.
///   - probability: How likely an element is dropped, in `0...1`.
/// - Returns: The shape of `x`.
///
/// Source: Srivastava et al. 2014, section 10 (inverted scaling), as PyTorch's `dropout`.
public func dropout(_ x: Variable, probability: Double) -> Variable {
    guard (0...1).contains(probability) else {
        fatalError("dropout: takes a probability of 0 to 1, given was \(probability)")
    }
    guard x.pass.mode == .training, probability > 0 else { return x }
    var stream = x.pass.nextStream("dropout")
    let scale = probability < 1 ? 1 / (1 - probability) : 0
    func draw() -> Double { stream.uniform() < probability ? 0 : scale }
    return x.arithmetic("dropout") { x in
        let mask = x.tensor.mapped("dropout", { _ in Float(draw()) }, { _ in draw() })
        return x.pass.record(x.tensor.multiplying(mask), from: [x]) { [$0.multiplying(mask)] }
    }
}
