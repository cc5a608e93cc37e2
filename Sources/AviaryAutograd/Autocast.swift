public import AviaryTensors

/// Which operations of a pass work on numbers of two bytes, and which never do.
///
/// Lists hold the names that operations have in messages. An operation in neither takes its inputs as they come;
/// inputs of different kinds are brought to the wider one.
///
/// Source: Micikevicius et al. 2018, section 3; the lists follow PyTorch's autocast for CUDA, where products are
/// lowered, and exponentials, logarithms, powers, sums, norms and losses are raised. But layer norm is in neither, as in
/// PyTorch's autocast for the CPU: it computes in `f32` anyhow, and so a residual stream stays in the kind it has.
public struct Autocast: Sendable, Equatable {
    /// `bf16` or `f16`.
    public let dtype: DType
    /// Names of the operations whose inputs are rounded to `dtype` and whose outputs are of it.
    public var lowered: Set<String>
    /// Names of the operations that compute and answer in `f32`.
    public var raised: Set<String>

    /// A policy with lists of one's own; stops the program unless `dtype` is `bf16` or `f16`.
    public init(_ dtype: DType, lowered: Set<String>, raised: Set<String>) {
        guard dtype.isLowPrecision else { dtypeMistake("autocast", dtype, supported: [.bf16, .f16]) }
        (self.dtype, self.lowered, self.raised) = (dtype, lowered, raised)
    }

    /// The usual lists.
    public static func standard(_ dtype: DType) -> Autocast {
        Autocast(dtype, lowered: products, raised: sensitive)
    }

    private static let products: Set<String> = [
        "linear", "matrix product", "batched matrix product", "einsum", "convolution", "attention",
    ]

    private static let sensitive: Set<String> = [
        "exponential", "logarithm", "power", "sum", "mean", "cumulative sum", "variance", "log-sum-exp",
        "softmax", "log-softmax", "softplus", "group norm", "l2 normalisation", "cross entropy",
        "binary cross entropy", "focal loss", "smooth L1", "absolute error", "squared error", "KL divergence",
        "box loss",
    ]

    /// What an operation works on; `nil` where the policy does not say.
    func dtype(for operation: String) -> DType? {
        if lowered.contains(operation) { return dtype }
        return raised.contains(operation) ? .f32 : nil
    }
}
