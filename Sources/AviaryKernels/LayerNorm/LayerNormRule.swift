/// What a layer norm does: it normalises each row of `residual + dropout(source)`, or of the source alone.
package struct LayerNormRule: Sendable {
    package var rows: Int
    package var columns: Int
    /// Added to the variance.
    package var epsilon: Double
    /// Of the source, where there is a residual.
    package var dropout: ElementDropout?

    package init(rows: Int, columns: Int, epsilon: Double, dropout: ElementDropout? = nil) {
        self.rows = rows
        self.columns = columns
        self.epsilon = epsilon
        self.dropout = dropout
    }

    package var elementCount: Int { rows * columns }
}
