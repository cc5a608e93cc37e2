/// What follows the product of a feed-forward network's first layer: `dropout(function(x + bias))` of
/// `[rows, columns]`, where the bias is `[columns]`.
package struct BiasActivation: Sendable {
    package var rows: Int
    package var columns: Int
    /// A ReLU, a SiLU or a form of GELU.
    package var function: ElementFunction
    package var dropout: ElementDropout?

    package init(rows: Int, columns: Int, function: ElementFunction, dropout: ElementDropout? = nil) {
        switch function {
        case .relu, .silu, .gelu, .tanhGELU: break
        default: fatalError("bias and activation: takes relu, silu, gelu or tanhGELU, given was \(function)")
        }
        self.rows = rows
        self.columns = columns
        self.function = function
        self.dropout = dropout
    }
}
