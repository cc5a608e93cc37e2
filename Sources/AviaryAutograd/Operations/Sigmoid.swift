import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The logistic function: `1 / (1 + e^-x)`.
public func sigmoid(_ x: Variable) -> Variable {
    x.arithmetic("sigmoid") { x in
        let output = x.tensor.mapped("sigmoid", { 1 / (1 + expf(-$0)) }, { 1 / (1 + exp(-$0)) })
        return x.pass.record(output, from: [x]) { upstream in
            let slope = output.mapped("sigmoid", { $0 * (1 - $0) }, { $0 * (1 - $0) })
            return [upstream.multiplying(slope)]
        }
    }
}
