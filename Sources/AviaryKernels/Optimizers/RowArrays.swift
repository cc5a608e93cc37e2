/// What one step over a table reads whose gradient is some of its rows, and what it changes where it lies.
package struct RowArrays<Element> {
    /// How many rows the table has.
    package let rowCount: Int
    package let width: Int
    /// Those of the gradient: ascending, each once.
    package let rows: [Int64]
    /// `[rows, width]`.
    package let gradient: UnsafePointer<Element>
    /// Whether the table's other rows are stepped with a gradient of 0; else they are neither read nor written.
    package let stepsOthers: Bool
    /// The whole table.
    package let parameter: UnsafeMutablePointer<Element>
    /// What the optimizer keeps beside the table, each as large, in the order that its rule states.
    package let state: [UnsafeMutablePointer<Element>]

    package init(
        rowCount: Int, width: Int, rows: [Int64], gradient: UnsafePointer<Element>, stepsOthers: Bool,
        parameter: UnsafeMutablePointer<Element>, state: [UnsafeMutablePointer<Element>]
    ) {
        self.rowCount = rowCount
        self.width = width
        self.rows = rows
        self.gradient = gradient
        self.stepsOthers = stepsOthers
        self.parameter = parameter
        self.state = state
    }

    fileprivate func row(_ row: Int, gradient: UnsafePointer<Element>) -> StepArrays<Element> {
        StepArrays(
            count: width, parameter: parameter + row * width, gradient: gradient,
            state: state.map { $0 + row * width })
    }
}

extension OptimizerStep {
    /// Steps row by row as the definition reads, in any precision.
    package func runPlain<T: BinaryFloatingPoint>(_ arrays: RowArrays<T>) {
        let zeros = UnsafeMutablePointer<T>.allocate(capacity: arrays.width)
        zeros.initialize(repeating: 0, count: arrays.width)
        defer { zeros.deallocate() }
        var place = 0
        for row in arrays.stepsOthers ? Array(0..<Int64(arrays.rowCount)) : arrays.rows {
            let isLookedUp = place < arrays.rows.count && arrays.rows[place] == row
            let gradient = isLookedUp ? arrays.gradient + place * arrays.width : UnsafePointer(zeros)
            runPlain(arrays.row(Int(row), gradient: gradient))
            if isLookedUp { place += 1 }
        }
    }
}
