/// The extents of `[rows, inner] × [inner, columns]`; a transposed operand lies in memory the other way round.
package struct ProductShape: Hashable, Sendable {
    package var rows: Int
    package var inner: Int
    package var columns: Int
    package var isLeftTransposed = false
    package var isRightTransposed = false
    /// That of both operands, and that of the output; sums and a bias are f32.
    package var operands = RealKind.f32
    package var output = RealKind.f32
    /// The sums are added to what the output holds.
    package var adds = false
    /// The positive part is taken, last.
    package var isRectified = false

    package init(
        rows: Int, inner: Int, columns: Int, isLeftTransposed: Bool = false, isRightTransposed: Bool = false,
        operands: RealKind = .f32, output: RealKind = .f32
    ) {
        self.rows = rows
        self.inner = inner
        self.columns = columns
        self.isLeftTransposed = isLeftTransposed
        self.isRightTransposed = isRightTransposed
        self.operands = operands
        self.output = output
    }
}
