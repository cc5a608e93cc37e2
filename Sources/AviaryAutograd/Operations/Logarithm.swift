import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Variable {
    /// The natural logarithm of each element.
    public var logarithm: Variable {
        let source = tensor
        let output = source.mapped("logarithm", { logf($0) }, { log($0) })
        return pass.record(output, from: [self]) { upstream in
            [upstream.dividing(source)]
        }
    }
}
