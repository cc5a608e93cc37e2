import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Variable {
    /// `e` to the power of each element.
    public var exponential: Variable {
        let output = tensor.mapped("exponential", { expf($0) }, { exp($0) })
        return pass.record(output, from: [self]) { upstream in
            [upstream.multiplying(output)]
        }
    }
}
