import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Variable {
    /// The hyperbolic tangent of each element.
    public var tanh: Variable {
        let output = tensor.mapped("tanh", { tanhf($0) }, { Glibc.tanh($0) })
        return pass.record(output, from: [self]) { upstream in
            let slope = output.mapped("tanh", { 1 - $0 * $0 }, { 1 - $0 * $0 })
            return [upstream.multiplying(slope)]
        }
    }
}
