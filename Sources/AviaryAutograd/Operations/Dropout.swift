import AviaryTensors

/// Sets elements to zero at random in training, and scales the others so that the mean stays.
///
/// In evaluation it is the identity. Element `i` in row-major order takes draw `i` of the pass's next random stream:
/// the mask depends on the pass's seed and step and on which draw of the pass this is, not on threads or layout.
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
    return x.arithmetic("dropout") { x in
        x.tensor.requireReal("dropout")
        let mask = stream.dropoutMask(x.shape, probability: probability, dtype: x.tensor.dtype)
        return x.pass.record(x.tensor.multiplying(mask), from: [x]) { [$0.multiplying(mask)] }
    }
}
