#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The `x` whose error function is `y`, for `y` between -1 and 1.
///
/// Winitzki's approximation (2008), good to 0.002, and three steps of Halley's, each of which triples the digits.
func inverseErrorFunction(_ y: Double) -> Double {
    guard abs(y) < 1 else { return y < 0 ? -.infinity : .infinity }
    let rest = log1p(-y * y)
    let half = 2 / (.pi * 0.147) + rest / 2
    var x = ((half * half - rest / 0.147).squareRoot() - half).squareRoot() * (y < 0 ? -1 : 1)
    for _ in 0..<3 {
        let distance = (erf(x) - y) / (2 / Double.pi.squareRoot() * exp(-x * x))
        x -= distance / (1 + x * distance)
    }
    return x
}
