/// Gives each row a column of its own, so that the sum of their costs is the least.
///
/// - Parameter cost: `[R, C]` of reals; where there are more rows than columns, some rows get none.
/// - Returns: `min(R, C)` pairs, rows ascending; no pair for an empty `cost`.
/// - Throws: `AssignmentError` where a cost is NaN or infinite, as those of a network whose training diverged.
///
/// The pairs are exact, and of several best choices it takes the one that scipy's `linear_sum_assignment` takes. That
/// function reads `+∞` as a pair that must not be; here it is refused. Computed in double precision on one thread, in
/// time proportional to the shorter extent squared times the longer.
///
/// Source: Crouse 2016, section IV (shortest augmenting paths, after Jonker and Volgenant 1987).
public func linearSumAssignment(
    _ cost: Tensor
) throws(AssignmentError) -> [(row: Int, column: Int)] {
    guard cost.shape.count == 2 else { shapeMistake("assignment", cost.shape, "[rows, columns]") }
    guard cost.dtype.isReal else { dtypeMistake("assignment", cost.dtype, supported: DType.reals) }
    let (rows, columns) = (cost.shape[0], cost.shape[1])
    let costs = cost.cast(to: .f64).values(as: Double.self)
    if let place = costs.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(row: place / columns, column: place % columns, cost: costs[place])
    }
    guard rows > columns else {
        return Assignment(of: costs, rows, columns).columns.enumerated().map { ($0.offset, $0.element) }
    }
    let turned = (0..<rows * columns).map { costs[$0 % rows * columns + $0 / rows] }
    let chosen = Assignment(of: turned, columns, rows).columns
    return chosen.enumerated().map { (row: $0.element, column: $0.offset) }.sorted { $0.row < $1.row }
}

/// Why costs cannot be weighed against each other.
public enum AssignmentError: Error, Equatable, CustomStringConvertible {
    /// The first cost that is no finite number.
    case notFinite(row: Int, column: Int, cost: Double)

    /// The cost and its place.
    public var description: String {
        switch self {
        case .notFinite(let row, let column, let cost):
            "assignment: the cost of row \(row) with column \(column) is \(cost); costs are finite numbers"
        }
    }
}

/// The columns of the first rows, and the potentials that prove them best.
///
/// `cost - rowPotential - columnPotential` is never negative, and 0 for each pair: so no other choice costs less.
private struct Assignment {
    private let costs: [Double]
    private var rowPotentials: [Double]
    private var columnPotentials: [Double]
    private var columnOf: [Int?]
    private var rowOf: [Int?]

    /// Of `rows ≤ columns`.
    init(of costs: [Double], _ rows: Int, _ columns: Int) {
        self.costs = costs
        rowPotentials = [Double](repeating: 0, count: rows)
        columnPotentials = [Double](repeating: 0, count: columns)
        columnOf = [Int?](repeating: nil, count: rows)
        rowOf = [Int?](repeating: nil, count: columns)
        for row in 0..<rows { take(row) }
    }

    /// The column of each row.
    var columns: [Int] { columnOf.compactMap { $0 } }

    /// Gives `row` a column; rows before it change theirs where that costs less.
    private mutating func take(_ row: Int) {
        let path = shortestPath(from: row)
        rowPotentials[row] += path.length
        for column in path.visited {
            let slack = path.length - path.lengths[column]
            if let owner = rowOf[column] { rowPotentials[owner] += slack }
            columnPotentials[column] -= slack
        }
        // Backwards along the path: each row takes the column that led on from it and leaves its own to the next.
        var free: Int? = path.end
        while let column = free {
            let taker = path.rowBefore[column]
            free = taker == row ? nil : columnOf[taker]
            (columnOf[taker], rowOf[column]) = (column, taker)
        }
    }

    /// A way from a row to a column that is free, over pairs that exist.
    private struct Path {
        /// How far each column is; that of the end is `length`.
        var lengths: [Double]
        /// The row from which each column is reached.
        var rowBefore: [Int]
        var visited: [Int] = []
        var end = 0
        var length = 0.0
    }

    /// Dijkstra's search: costs less their potentials are the lengths of edges.
    private func shortestPath(from start: Int) -> Path {
        let count = rowOf.count
        var path = Path(
            lengths: [Double](repeating: .infinity, count: count),
            rowBefore: [Int](repeating: start, count: count))
        // From the back, as scipy: of equal costs everywhere, row i gets column i.
        var open = Array((0..<count).reversed())
        var row = start
        while true {
            let place = nearest(of: open, beyond: row, &path)
            let column = open[place]
            open.swapAt(place, open.count - 1)
            open.removeLast()
            path.length = path.lengths[column]
            path.visited.append(column)
            guard let owner = rowOf[column] else {
                path.end = column
                return path
            }
            row = owner
        }
    }

    /// Where in `open` the nearest column stands, `row` being reached at `path.length`; of equals a free one.
    private func nearest(of open: [Int], beyond row: Int, _ path: inout Path) -> Int {
        let first = row * rowOf.count
        var (best, least) = (0, Double.infinity)
        for (place, column) in open.enumerated() {
            let length = path.length + costs[first + column] - rowPotentials[row] - columnPotentials[column]
            if length < path.lengths[column] {
                path.lengths[column] = length
                path.rowBefore[column] = row
            }
            let known = path.lengths[column]
            if known < least || (known == least && rowOf[column] == nil) { (best, least) = (place, known) }
        }
        return best
    }
}
