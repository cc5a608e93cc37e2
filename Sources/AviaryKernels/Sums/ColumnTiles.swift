import CAviaryKernels

/// Matrices one behind the other, cut into tiles whose columns are summed on their own.
///
/// The cut is a function of the extents alone, and sums of tiles are added in the order of the rows: the number of
/// threads does not show in a result.
struct ColumnTiles {
    let matrices: Int
    let rows: Int
    let columns: Int
    private let height: Int
    private let width = 512

    /// Tiles are so low that there are enough of them, and there are so few that their sums are small beside the matrix.
    init(matrices: Int = 1, rows: Int, columns: Int) {
        self.matrices = matrices
        self.rows = rows
        self.columns = columns
        height = max(32, (rows + 63) / 64)
    }

    /// Tiles one below the other.
    private var stretches: Int { (rows + height - 1) / height }
    private var blocks: Int { (columns + width - 1) / width }
    var count: Int { matrices * stretches * blocks }

    /// How many tiles have about as many elements.
    func tileCount(ofElements elements: Int) -> Int {
        max(1, elements / (height * max(1, min(width, columns))))
    }

    /// Rows are counted through all matrices.
    func tile(_ index: Int) -> aviary_tile {
        let (matrix, stretch, block) = place(of: index)
        let firstRow = stretch * height
        return aviary_tile(
            first_row: Int64(matrix * rows + firstRow),
            end_row: Int64(matrix * rows + min(rows, firstRow + height)),
            first_column: Int64(block * width), end_column: Int64(min(columns, (block + 1) * width)))
    }

    /// Writes the sums of the columns, `[matrices, columns]`.
    ///
    /// - Parameters:
    ///   - sums: Where they go.
    ///   - grain: How many elements are one thread's work.
    ///   - add: Adds the rows of a tile to the sums of its columns.
    func sum(
        into sums: UnsafeMutablePointer<Double>, grain: Int,
        _ add: (UnsafePointer<aviary_tile>, UnsafeMutablePointer<Double>) -> Void
    ) {
        let partCount = matrices * stretches * columns
        withUnsafeTemporaryAllocation(of: Double.self, capacity: partCount) { scratch in
            scratch.initialize(repeating: 0)
            guard let parts = scratch.baseAddress, partCount > 0 else {
                return sums.update(repeating: 0, count: matrices * columns)
            }
            Parallel.run(count, grain: tileCount(ofElements: grain)) { part in
                for index in part {
                    let (matrix, stretch, block) = place(of: index)
                    let first = (matrix * stretches + stretch) * columns + block * width
                    withUnsafePointer(to: tile(index)) { add($0, parts + first) }
                }
            }
            for matrix in 0..<matrices {
                join(parts + matrix * stretches * columns, into: sums + matrix * columns)
            }
        }
    }

    private func join(_ parts: UnsafePointer<Double>, into sums: UnsafeMutablePointer<Double>) {
        sums.update(from: parts, count: columns)
        for stretch in 1..<max(1, stretches) {
            for column in 0..<columns { sums[column] += parts[stretch * columns + column] }
        }
    }

    private func place(of index: Int) -> (matrix: Int, stretch: Int, block: Int) {
        (index / (stretches * blocks), index / blocks % stretches, index % blocks)
    }
}
