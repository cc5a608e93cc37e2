import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Variable {
    /// The hyperbolic tangent of each element.
    public var tanh: Variable {
        arithmetic("tanh") { x in
            let output = x.tensor.mapped("tanh", { tanhf($0) }, { hyperbolicTangent($0) })
            return x.pass.record(output, from: [x]) { upstream in
                let slope = output.mapped("tanh", { 1 - $0 * $0 }, { 1 - $0 * $0 })
                return [upstream.multiplying(slope)]
            }
        }
    }
}

/// Outside the extension: in it the name would be that of the property.
private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
