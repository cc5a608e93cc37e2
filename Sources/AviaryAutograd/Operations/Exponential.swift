import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Variable {
    /// `e` to the power of each element.
    public var exponential: Variable {
        arithmetic("exponential") { x in
            let output = x.tensor.mapped("exponential", { expf($0) }, { exp($0) })
            return x.pass.record(output, from: [x]) { upstream in
                [upstream.multiplying(output)]
            }
        }
    }
}
