import AviaryAutograd
import AviaryTensors
import Foundation

/// A smooth activation that lets a little of the negative side through: `x · tanh(softplus(x))`.
///
/// - Parameter x: Any shape.
/// - Returns: The shape of `x`.
///
/// Source: Misra 2019, equation 1.
func mish(_ x: Variable) -> Variable {
    // The frame: whatever kind the input has, the closure is given f32 or f64.
    x.pass.arithmetic("mish", on: [x]) { inputs in
        let source = inputs[0].tensor
        let output = source.mapped("mish", { Float(value(Double($0))) }, value)
        return x.pass.record(output, from: inputs) { upstream in
            [upstream.multiplying(source.mapped("mish", { Float(slope(Double($0))) }, slope))]
        }
    }
}

private func value(_ x: Double) -> Double { x * tanh(softplus(x)) }

/// By the product rule; the slope of softplus is the logistic function.
private func slope(_ x: Double) -> Double {
    let y = tanh(softplus(x))
    return y + x * (1 - y * y) / (1 + exp(-x))
}

/// `log(1 + e^x)`; the power is at most 1, so that nothing overflows.
private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
