import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The sigmoid linear unit, also called swish: `x / (1 + e^-x)`.
///
/// Source: Hendrycks and Gimpel 2016; Ramachandran et al. 2017.
public func silu(_ x: Variable) -> Variable {
    x.mapped(
        "silu", { $0 * logistic($0) }, slope: { logistic($0) * (1 + $0 * (1 - logistic($0))) })
}

/// `1 / (1 + e^-x)`, the number that `sigmoid` gives for each element.
func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
