import AviaryKernels
import Testing

/// Steps over many parameters in one pass: the bytes of each by itself, whatever the number of threads.
struct StepListTests {
    /// Small ones beside large ones; three threads part the second and the last.
    private let counts = [1, 20_003, 17, 16, 0, 15, 9_001, 64]
    private let width = 11

    @Test func `a list makes the steps that each parameter has alone`() {
        let steps: [any OptimizerStep] = counts.indices.map { number in
            AdamStep(
                stepCount: number + 1, rate: 0.01, firstMomentDecay: 0.9, secondMomentDecay: 0.99,
                epsilon: 1e-3, weightDecay: 0.1 * Double(number), isDecoupled: number % 2 == 0,
                gradientScale: 0.5)
        }
        let parts = counts.enumerated().map { Part(count: $1, seed: $0) }
        let tables = [Part(count: 3000 * width, seed: 31), Part(count: 5 * width, seed: 32)]
        defer { for part in parts + tables { part.deallocate() } }

        for (step, part) in zip(steps, parts) { step.run(part.arrays) }
        for table in tables { steps[1].run(rows(of: table, stepsOthers: table.count > 100)) }
        let alone = (parts + tables).map(\.values)
        for threads in [1, 2, 3] {
            for part in parts + tables { part.reset() }
            var list = StepList()
            for (step, part) in zip(steps, parts) { list.append(step, part.arrays) }
            for table in tables { list.append(steps[1], rows(of: table, stepsOthers: table.count > 100)) }
            #expect((parts + tables).map(\.values) != alone, "appending steps nothing")
            Parallel.withThreadCount(threads) { list.run() }
            #expect((parts + tables).map(\.values) == alone, "\(threads) threads")
        }
    }

    @Test func `a list of nothing does nothing`() {
        StepList().run()
    }

    @Test func `the sum of squares of many arrays has the same bits for any number of threads`() {
        let parts = [0, 3, 100_000, 16_384, 1, 16_385].enumerated().map { Part(count: $1, seed: $0) }
        defer { for part in parts { part.deallocate() } }
        let arrays = parts.map { UnsafeBufferPointer(start: $0.arrays.gradient, count: $0.count) }
        let sums = [1, 2, 3].map { threads in
            Parallel.withThreadCount(threads) { sumOfSquares(of: arrays) }
        }
        let plain = arrays.joined().reduce(0) { $0 + Double($1) * Double($1) }
        #expect(sums[0] == sums[1] && sums[0] == sums[2])
        // 133,000 additions in double precision, in another order.
        #expect(plain > 0 && abs(sums[0] - plain) <= 1e-12 * plain)
        #expect(sumOfSquares(of: []) == 0)
    }

    private func rows(of table: Part, stepsOthers: Bool) -> RowArrays<Float> {
        let rowCount = table.count / width
        let arrays = table.arrays
        return RowArrays(
            rowCount: rowCount, width: width, rows: (0..<Int64(rowCount)).filter { $0 % 4 == 1 },
            gradient: arrays.gradient, stepsOthers: stepsOthers, parameter: arrays.parameter,
            state: arrays.state)
    }
}

/// A parameter with its gradient and both moments.
private struct Part {
    let count: Int
    private let start: [[Float]]
    private let memory: [UnsafeMutablePointer<Float>]

    init(count: Int, seed: Int) {
        self.count = count
        start = (0..<4).map { array in
            (0..<count).map {
                Float(($0 * 7919 + (seed + array * 40) * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5
            }
        }
        memory = start.map { _ in .allocate(capacity: count) }
        reset()
    }

    var arrays: StepArrays<Float> {
        StepArrays(
            count: count, parameter: memory[0], gradient: UnsafePointer(memory[3]),
            state: [memory[1], memory[2]])
    }

    var values: [[Float]] { memory.map { Array(UnsafeBufferPointer(start: $0, count: count)) } }

    func reset() {
        for (array, values) in zip(memory, start) { array.initialize(from: values, count: count) }
    }

    func deallocate() {
        for array in memory { array.deallocate() }
    }
}
