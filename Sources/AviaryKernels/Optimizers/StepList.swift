import CAviaryKernels

/// Steps over many parameters in single precision: one pass over memory, vectorised, on all threads.
///
/// The threads share out all elements together, so that small parameters cost no region of their own. Every element is
/// stepped by itself: the bytes depend neither on the number of threads nor on what else is in the list.
package struct StepList {
    private var steps: [aviary_step] = []
    /// The rows of one gradient behind those of another.
    private var rows: [Int64] = []

    package init() {}

    /// Adds a step over arrays that stay where they are until the list has run.
    package mutating func append(_ step: some OptimizerStep, _ arrays: StepArrays<Float>) {
        guard arrays.count > 0 else { return }
        let rule = step.vectorised
        steps.append(
            aviary_step(
                rule: rule.kind, kind: AVIARY_GRADIENT_WHOLE, numbers: rule.numbers,
                count: Int64(arrays.count), parameter: arrays.parameter, state: places(arrays.state),
                gradient: arrays.gradient, width: 0, row_count: 0, first_place: 0))
    }

    /// Adds a step over a table of which the gradient has some rows.
    package mutating func append(_ step: some OptimizerStep, _ arrays: RowArrays<Float>) {
        let count = arrays.rowCount * arrays.width
        guard count > 0 else { return }
        let rule = step.vectorised
        steps.append(
            aviary_step(
                rule: rule.kind,
                kind: arrays.stepsOthers ? AVIARY_GRADIENT_ROWS_OF_ZEROS : AVIARY_GRADIENT_ROWS,
                numbers: rule.numbers, count: Int64(count), parameter: arrays.parameter,
                state: places(arrays.state), gradient: arrays.gradient, width: Int64(arrays.width),
                row_count: Int64(arrays.rows.count), first_place: Int64(rows.count)))
        rows += arrays.rows
    }

    /// Makes the steps.
    package func run() {
        aviary_run_steps(steps, Int64(steps.count), rows, Int64(Parallel.elementGrain))
    }

    private typealias Place = UnsafeMutablePointer<Float>

    private func places(_ state: [Place]) -> (Place?, Place?, Place?) {
        func place(_ index: Int) -> Place? { index < state.count ? state[index] : nil }
        return (place(0), place(1), place(2))
    }
}

extension OptimizerStep {
    /// Steps one parameter in single precision, vectorised, on all threads.
    package func run(_ arrays: StepArrays<Float>) {
        var list = StepList()
        list.append(self, arrays)
        list.run()
    }

    /// The same over a table of which the gradient has some rows.
    package func run(_ arrays: RowArrays<Float>) {
        var list = StepList()
        list.append(self, arrays)
        list.run()
    }
}
