import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Variable {
    /// The natural logarithm of each element.
    public var logarithm: Variable {
        arithmetic("logarithm") { x in
            let source = x.tensor
            let output = source.mapped("logarithm", { logf($0) }, { log($0) })
            return x.pass.record(output, from: [x]) { upstream in
                [upstream.dividing(source)]
            }
        }
    }
}
