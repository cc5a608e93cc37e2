import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The smooth positive part: `log(1 + e^x)`, which is `-log(1 - sigmoid(x))` without its overflow.
public func softplus(_ x: Variable) -> Variable {
    x.mapped("softplus", { softplus($0) }, slope: logistic)
}

/// `log(1 + e^x)`; the power is at most 1, so that nothing overflows.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
