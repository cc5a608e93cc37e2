// What a layer norm reads and writes. Where nothing else is said, a pointer is to `[rows, columns]`. In double precision
// all numbers are doubles; else scale, shift, means and inverses, and the gradients of the first two, are floats, and
// the rest is of the kinds that `FastLayerNorm.Kinds` says.

/// What is normalised, and by what it is scaled and shifted.
package struct LayerNormOperands {
    package let source: UnsafeRawPointer
    package let residual: UnsafeRawPointer?
    /// `[columns]`; `nil` for a scale of 1.
    package let weight: UnsafeRawPointer?
    /// `[columns]`; `nil` for a shift of 0.
    package let bias: UnsafeRawPointer?

    package init(
        source: UnsafeRawPointer, residual: UnsafeRawPointer?, weight: UnsafeRawPointer?,
        bias: UnsafeRawPointer?
    ) {
        self.source = source
        self.residual = residual
        self.weight = weight
        self.bias = bias
    }
}

/// Where the results go.
package struct LayerNormResults {
    /// The sum of source and residual; `nil` where nobody wants it or there is no residual.
    package let sum: UnsafeMutableRawPointer?
    package let output: UnsafeMutableRawPointer
    /// `[rows]`.
    package let means: UnsafeMutableRawPointer
    /// `[rows]`: one divided by the deviation.
    package let inverses: UnsafeMutableRawPointer

    package init(
        sum: UnsafeMutableRawPointer?, output: UnsafeMutableRawPointer, means: UnsafeMutableRawPointer,
        inverses: UnsafeMutableRawPointer
    ) {
        self.sum = sum
        self.output = output
        self.means = means
        self.inverses = inverses
    }
}

/// What was kept, and what comes back.
package struct LayerNormUpstream {
    /// The sum, or the source where there is no residual.
    package let normalised: UnsafeRawPointer
    package let means: UnsafeRawPointer
    package let inverses: UnsafeRawPointer
    package let weight: UnsafeRawPointer?
    /// The gradient of the output, in one part or in two.
    package let output: UnsafeRawPointer
    package let other: UnsafeRawPointer?
    /// The gradient of the sum.
    package let sum: UnsafeRawPointer?

    package init(
        normalised: UnsafeRawPointer, means: UnsafeRawPointer, inverses: UnsafeRawPointer,
        weight: UnsafeRawPointer?, output: UnsafeRawPointer, other: UnsafeRawPointer?, sum: UnsafeRawPointer?
    ) {
        self.normalised = normalised
        self.means = means
        self.inverses = inverses
        self.weight = weight
        self.output = output
        self.other = other
        self.sum = sum
    }
}

/// Where the gradients go.
package struct LayerNormGradients {
    /// By the source, and by the residual, which is that by the sum; `nil` where not needed.
    package let source: UnsafeMutableRawPointer?
    package let residual: UnsafeMutableRawPointer?
    /// `[columns]` both.
    package let weight: UnsafeMutableRawPointer
    package let bias: UnsafeMutableRawPointer

    package init(
        source: UnsafeMutableRawPointer?, residual: UnsafeMutableRawPointer?,
        weight: UnsafeMutableRawPointer, bias: UnsafeMutableRawPointer
    ) {
        self.source = source
        self.residual = residual
        self.weight = weight
        self.bias = bias
    }
}
