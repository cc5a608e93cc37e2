import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Variable {
    /// The sine of each element, an angle in radians.
    public var sine: Variable {
        mapped("sine", { sin($0) }, slope: { cos($0) })
    }
}
