import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Variable {
    /// The cosine of each element, an angle in radians.
    public var cosine: Variable {
        mapped("cosine", { cos($0) }, slope: { -sin($0) })
    }
}
