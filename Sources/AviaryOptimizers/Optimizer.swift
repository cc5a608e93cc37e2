public import AviaryAutograd
public import AviaryTensors

/// Changes parameters along their gradients, and keeps what it needs from one step to the next.
///
/// It has identity: a training steps one optimizer, and two copies of its state would part ways.
public protocol Optimizer: AnyObject {
    /// What it changes; the number of a parameter in `state` is its place here.
    var parameters: [Parameter] { get }

    /// Everything that the next step depends on beside the parameters, as `momentum.3` for that of parameter 3.
    var state: [String: Tensor] { get }

    /// Takes over the state that an optimizer of the same kind and settings over the same shapes had: the next step is
    /// then the one it would have made. Throws, and changes nothing, where `state` does not fit.
    func restore(_ state: [String: Tensor]) throws(OptimizerStateError)

    /// Changes every parameter that has a gradient; each gradient is multiplied by `gradientScale` first. Of a gradient
    /// that is rows of a table (`Gradient.rows`) only those rows change, and only their state is read.
    ///
    /// Parameters and state change where they lie; a tensor of them that is held elsewhere keeps its numbers.
    func step(_ gradients: Gradients, rate: Double, gradientScale: Double)
}

extension Optimizer {
    /// Changes every parameter that has a gradient.
    public func step(_ gradients: Gradients, rate: Double) {
        step(gradients, rate: rate, gradientScale: 1)
    }

    /// Throws where `restore` would, and changes nothing.
    public func check(_ state: [String: Tensor]) throws(OptimizerStateError) {
        try OptimizerStateError.check(state, against: self.state)
    }
}
