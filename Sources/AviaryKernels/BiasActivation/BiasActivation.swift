/// What follows the product of a feed-forward network's first layer: `dropout(function(x + bias))` of
/// `[rows, columns]`, where the bias is `[columns]`.
package struct BiasActivation: Sendable {
    package var rows: Int
    package var columns: Int
    /// A ReLU, a SiLU, a form of GELU, a sigmoid or a hyperbolic tangent.
    package var function: ElementFunction
    package var dropout: ElementDropout?

    package init(rows: Int, columns: Int, function: ElementFunction, dropout: ElementDropout? = nil) {
        switch function {
        case .relu, .silu, .gelu, .tanhGELU, .sigmoid, .tanh: break
        default:
            fatalError(
                "bias and activation: takes relu, silu, gelu, tanhGELU, sigmoid or tanh, given was \(function)"
            )
        }
        self.rows = rows
        self.columns = columns
        self.function = function
        self.dropout = dropout
    }
}
