import AviaryKernels
import Testing

/// Each fast kernel against the plain one that reads like its definition, in single precision.
struct FastAgainstPlainTests {
    /// Numbers in [-1, 1) that look random and are the same each time.
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }

    /// Sums of up to 300 products in another order: 1e-5 of the greatest is 170 roundings.
    private func expectClose(_ fast: [Float], _ plain: [Float], _ what: String) {
        let scale = max(plain.map(abs).max() ?? 0, 1e-30)
        let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= 1e-5 * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
        #expect(plain.contains { $0 != 0 } && fast.allSatisfy { !$0.isNaN }, "\(what)")
    }

    @Test func `a chosen number of threads holds on every thread of the program`() async {
        #expect(Parallel.withThreadCount(3) { Parallel.threadCount } == 3)
        await #expect(processExitsWith: .success) {
            Parallel.setThreadCount(1)
            let counts = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<16 { group.addTask { Parallel.threadCount } }
                return await group.reduce(into: Set()) { $0.insert($1) }
            }
            precondition(counts == [1] && Parallel.withThreadCount(2) { Parallel.threadCount } == 2)
            precondition(Parallel.threadCount == 1)
        }
    }
}
