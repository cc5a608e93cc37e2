import AviaryTensors

/// Sets elements to zero at random in training, and scales the others so that the mean stays.
///
/// In evaluation it is the identity. Element `i` in row-major order takes word `i`, half a draw, of the pass's next
/// random stream: the mask depends on the pass's seed and step and on which draw of the pass this is, not on threads or layout. It is
/// never held: backward draws it again.
///
/// - Parameters:
///   - x: Any shape.
///   - probability: How likely an element is dropped, in `0...1`.
/// - Returns: The shape of `x`.
///
/// Source: Srivastava et al. 2014, section 10 (inverted scaling), as PyTorch's `dropout`.
public func dropout(_ x: Variable, probability: Double) -> Variable {
    guard let rule = x.pass.dropoutRule(probability, for: "dropout") else { return x }
    return x.pass.arithmetic("dropout", on: [x], native: [.bf16]) { inputs in
        let x = inputs[0]
        return x.pass.record(x.tensor.droppingOut(by: rule), from: inputs) { [$0.droppingOut(by: rule)] }
    }
}

extension Pass {
    /// What the next dropout of this pass does; where it leaves everything as it is, nothing is drawn.
    ///
    /// - Parameters:
    ///   - probability: In `0...1`; else the program stops.
    ///   - purpose: What a message calls the operation that drops.
    ///   - name: The name of the random stream.
    /// - Returns: The rule; `nil` where nothing is dropped.
    func dropoutRule(
        _ probability: Double, for purpose: String, stream name: String = "dropout"
    ) -> DropoutRule? {
        guard (0...1).contains(probability) else {
            fatalError("\(purpose): takes a probability of 0 to 1, given was \(probability)")
        }
        guard mode == .training, probability > 0 else { return nil }
        return DropoutRule(probability: probability, stream: nextStream(name))
    }
}
