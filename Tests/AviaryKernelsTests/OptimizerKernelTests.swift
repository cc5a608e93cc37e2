import AviaryKernels
import Testing

/// One element, fewer and more than a vector has, and enough for a second thread.
private let counts = [1, 15, 17, 1000, 40_003]

/// The vectorised rules of the optimizers against the plain ones, in single precision.
struct OptimizerKernelTests {
    @Test(arguments: counts, [false, true])
    func `SGD`(count: Int, isNesterov: Bool) {
        compare(
            SGDStep(
                rate: 0.01, momentum: 0.9, weightDecay: 0.1, gradientScale: 0.5, isNesterov: isNesterov),
            state: [numbers(count, 3)], count: count)
    }

    @Test(arguments: counts, [false, true])
    func `Adam and AdamW`(count: Int, isDecoupled: Bool) {
        compare(
            AdamStep(
                stepCount: 3, rate: 0.01, firstMomentDecay: 0.9, secondMomentDecay: 0.99, epsilon: 1e-3,
                weightDecay: 0.1, isDecoupled: isDecoupled, gradientScale: 0.5),
            state: [numbers(count, 3), positive(count, 4)], count: count)
    }

    @Test(arguments: counts)
    func `Adagrad`(count: Int) {
        compare(
            AdagradStep(rate: 0.01, epsilon: 1e-3, weightDecay: 0.1, gradientScale: 0.5),
            state: [positive(count, 4)], count: count)
    }

    @Test(arguments: counts, [(false, 0.0), (false, 0.9), (true, 0.0), (true, 0.9)])
    func `RMSprop`(count: Int, form: (isCentered: Bool, momentum: Double)) {
        // The average square stays above the square of the average: their difference keeps its digits.
        var state = [positive(count, 4)]
        if form.isCentered { state.append(numbers(count, 5).map { $0 / 2 }) }
        if form.momentum > 0 { state.append(numbers(count, 6)) }
        compare(
            RMSpropStep(
                rate: 0.01, smoothing: 0.9, epsilon: 1e-3, momentum: form.momentum,
                isCentered: form.isCentered, weightDecay: 0.1, gradientScale: 0.5),
            state: state, count: count)
    }

    @Test func `a variance below zero counts as zero`() {
        let step = RMSpropStep(
            rate: 0.5, smoothing: 0.5, epsilon: 0.25, momentum: 0, isCentered: true, weightDecay: 0,
            gradientScale: 1)
        // The average square becomes (1 + 4) / 2, the average stays at 2.
        let (ones, twos) = ([Float](repeating: 1, count: 20), [Float](repeating: 2, count: 20))
        let fast = results(ones, twos, [ones, twos]) { step.run($0) }
        let plain = results(ones, twos, [ones, twos]) { step.runPlain($0) }
        for values in [fast, plain] {
            #expect(values[0] == [Float](repeating: 1 - 0.5 * 2 / 0.25, count: 20))
            #expect(values[1] == [Float](repeating: 2.5, count: 20))
            #expect(values[2] == twos)
        }
    }

    @Test(arguments: counts, [0.001, 0.4, 0.9, 1.0])
    func `moving average`(count: Int, share: Double) {
        let (from, to) = (numbers(count, 1), numbers(count, 2))
        var (fast, plain) = ([Float](repeating: .nan, count: count), [Float](repeating: .nan, count: count))
        MovingAverageStep.run(from: from, to: to, share: share, into: &fast, count: count)
        MovingAverageStep.runPlain(from: from, to: to, share: share, into: &plain, count: count)
        expectClose(fast, plain, "share \(share)")
        #expect(plain != from)
        if share == 1 { #expect(fast == to) }
    }

    @Test(arguments: counts)
    func `value limit`(count: Int) {
        var source = numbers(count, 1)
        var (fast, plain) = ([Float](repeating: 9, count: count), [Float](repeating: 9, count: count))
        ValueLimit.run(source, limit: 0.01, into: &fast, count: count)
        ValueLimit.runPlain(source, limit: 0.01, into: &plain, count: count)
        #expect(fast == plain && fast != source)
        #expect(fast.allSatisfy { abs($0) <= 0.01 })

        source[count - 1] = .nan
        ValueLimit.run(source, limit: 0.01, into: &fast, count: count)
        ValueLimit.runPlain(source, limit: 0.01, into: &plain, count: count)
        #expect(fast[count - 1].isNaN && plain[count - 1].isNaN)
    }

    private func compare(_ step: some OptimizerStep, state: [[Float]], count: Int) {
        let (parameter, gradient) = (numbers(count, 1), numbers(count, 2))
        let fast = Parallel.withThreadCount(2) {
            results(parameter, gradient, state) { step.run($0) }
        }
        let plain = results(parameter, gradient, state) { step.runPlain($0) }
        for (index, before) in ([parameter] + state).enumerated() {
            expectClose(fast[index], plain[index], "\(step), array \(index)")
            #expect(plain[index] != before, "\(step), array \(index) did not move")
        }
    }

    /// The parameter after the step, then its state.
    private func results(
        _ parameter: [Float], _ gradient: [Float], _ state: [[Float]], _ body: (StepArrays<Float>) -> Void
    ) -> [[Float]] {
        let count = parameter.count
        let copies = ([gradient, parameter] + state).map { array -> UnsafeMutablePointer<Float> in
            let copy = UnsafeMutablePointer<Float>.allocate(capacity: count)
            copy.initialize(from: array, count: count)
            return copy
        }
        defer { for pointer in copies { pointer.deallocate() } }
        body(
            StepArrays(
                count: count, parameter: copies[1], gradient: copies[0], state: Array(copies.dropFirst(2))))
        #expect(Array(UnsafeBufferPointer(start: copies[0], count: count)) == gradient)
        return copies.dropFirst().map { Array(UnsafeBufferPointer(start: $0, count: count)) }
    }

    /// Numbers in [-1, 1) that look random and are the same each time.
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }

    /// The same in [1, 3).
    private func positive(_ count: Int, _ seed: Int) -> [Float] {
        numbers(count, seed).map { $0 + 2 }
    }

    /// A rule is some ten operations an element, and the fast one may join a product and a sum: 1e-6 is 8 roundings.
    private func expectClose(_ fast: [Float], _ plain: [Float], _ what: String) {
        let scale = max(plain.map(abs).max() ?? 0, 1e-30)
        let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= 1e-6 * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
        #expect(fast.allSatisfy { !$0.isNaN }, "\(what): has NaN")
    }
}
