public import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How far one distribution is from another: `Σ q · (log q - log p)`, an element with `q` of 0 counting as 0.
///
/// - Parameters:
///   - logProbabilities: `log p`, `[N, …]`.
///   - target: `q`, the same shape, a constant.
///   - reduction: How the elements' terms become the result; `.batchMean` is the divergence of the definition.
/// - Returns: A scalar, in nats, or with `.none` the shape of the probabilities.
///
/// Source: Kullback and Leibler 1951; equal to PyTorch's `kl_div`, but where `q` is 0 and `log p` minus infinity: that has
/// NaN there, this the 0 of the definition.
public func klDivergence(
    logProbabilities: Variable, target: Tensor, reduction: Reduction = .batchMean
) -> Variable {
    let terms = logProbabilities.loss("KL divergence", target: target) { logP, q in
        q == 0 ? 0 : q * (log(q) - logP)
    } slope: { _, q in
        -q
    }
    return terms.reduced(by: reduction)
}
