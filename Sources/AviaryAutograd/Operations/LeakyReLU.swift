import AviaryTensors

/// The positive part, and a share of the negative one: `x` where it is positive, else `negativeSlope · x`.
///
/// Source: Maas et al. 2013.
public func leakyReLU(_ x: Variable, negativeSlope: Double = 0.01) -> Variable {
    x.applying(.leakyReLU(negativeSlope: negativeSlope))
}
