import AviaryAutograd
import AviaryKernels
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import Testing

/// One pass over all parameters of an optimizer gives the bytes of simpler ways to the same step.
struct OnePassTests {
    @Test(arguments: AdaptiveTests.Kind.allCases)
    func `many parameters in one pass step as each by itself`(kind: AdaptiveTests.Kind) {
        // A table, scales of norms, and enough elements for more than one thread; one is in f64, one without gradient.
        let shapes = [[300, 70], [1], [64], [7, 5], [64], [120, 130], [3], [2]]
        func parameters() -> [Parameter] {
            shapes.enumerated().map { Parameter(numbers($1, $0, $0 == 6 ? .f64 : .f32)) }
        }
        func gradients(_ parameters: [Parameter], step: Int) -> Gradients {
            let given = shapes.enumerated().map { index, shape -> Tensor? in
                index == 0 || index == 7
                    ? nil : numbers(shape, index + 50 * step, index == 6 ? .f64 : .f32)
            }
            let ids = (0..<20).map { Int64($0 * $0 * step % 300) }
            return givenGradients(parameters, given).adding(
                rowGradients(parameters[0], ids, numbers([20, 70], step, .f32), isSparse: step == 2))
        }
        let alone = parameters()
        let optimizers = alone.map { kind.optimizer(over: [$0]) }
        for step in 1...3 {
            let found = gradients(alone, step: step)
            for optimizer in optimizers { optimizer.step(found, rate: 0.1, gradientScale: 0.5) }
        }
        for threads in [1, 2, 3] {
            let together = parameters()
            let optimizer = kind.optimizer(over: together)
            for step in 1...3 {
                let found = gradients(together, step: step)
                Parallel.withThreadCount(threads) {
                    optimizer.step(found, rate: 0.1, gradientScale: 0.5)
                }
            }
            for (index, parameter) in together.enumerated() {
                #expect(parameter.value.doubles == alone[index].value.doubles, "parameter \(index)")
                #expect(
                    (parameter.value.doubles == numbers(shapes[index], index, .f32).doubles) == (index == 7))
                for (name, tensor) in optimizers[index].state {
                    let own = optimizer.state[name.replacing(".0", with: ".\(index)")]
                    #expect(own.map(reals) == reals(tensor), "\(name) of \(index)")
                }
            }
        }
    }

    @Test(arguments: AdaptiveTests.Kind.allCases, [DType.f32, .f64])
    func `rows of a table of zeros step it as the dense gradient does`(
        kind: AdaptiveTests.Kind, dtype: DType
    ) {
        func walk(isDense: Bool, threads: Int) -> [[Double]] {
            let table = Parameter(numbers([900, 23], 0, dtype))
            let optimizer = kind.optimizer(over: [table])
            for step in 1...4 {
                let ids = (0..<40).map { Int64($0 * $0 * step % 899) }
                var gradients = rowGradients(
                    table, ids, numbers([40, 23], step, dtype), isSparse: false)
                #expect(gradients.isZerosButRows(of: table))
                if isDense { gradients = givenGradients([table], [gradients[table]]) }
                #expect(gradients.isZerosButRows(of: table) != isDense)
                Parallel.withThreadCount(threads) { optimizer.step(gradients, rate: 0.1, gradientScale: 0.5) }
            }
            let state = optimizer.state.sorted { $0.key < $1.key }.map { reals($0.value) }
            // The last row is never looked up; momentum or decay move what was, or all.
            return [table.value.doubles] + state
        }
        let dense = walk(isDense: true, threads: 1)
        for threads in [1, 2, 3] { #expect(walk(isDense: false, threads: threads) == dense) }
    }

    @Test func `decay draws on rows that are not looked up, where they are zeros`() {
        let table = Parameter(Tensor([1, 2, 3, 4 as Float], shape: [2, 2]))
        let optimizer = SGD([table], weightDecay: 0.5)
        let upstream = Tensor([1, 1 as Float], shape: [1, 2])
        optimizer.step(rowGradients(table, [0], upstream, isSparse: false), rate: 1)
        #expect(table.value.doubles == [-0.5, 0, 1.5, 2])
        optimizer.step(rowGradients(table, [0], upstream, isSparse: true), rate: 1)
        #expect(table.value.doubles == [-1.25, -1, 1.5, 2])
    }

    @Test func `the norm of all gradients has the same bits for any number of threads`() {
        let parameters = [[200, 200], [3], [70, 300]].map { Parameter(numbers($0, 1, .f32)) }
        let gradients = givenGradients(parameters, [numbers([200, 200], 2, .f32), nil, nil]).adding(
            rowGradients(parameters[2], [5, 69, 5], numbers([3, 300], 3, .f32), isSparse: false))
        let norms = [1, 2, 3].map { threads in
            Parallel.withThreadCount(threads) { gradientNorm(gradients, of: parameters) }
        }
        #expect(norms[0] == norms[1] && norms[0] == norms[2])
        let squares = parameters.compactMap { gradients[$0]?.doubles }.joined().reduce(0) { $0 + $1 * $1 }
        expectClose([norms[0]], [squares.squareRoot()], within: 1e-12, "norm")
    }

    /// Numbers that are far from zero, and no two neighbours alike.
    private func numbers(_ shape: [Int], _ seed: Int, _ dtype: DType) -> Tensor {
        let values = (0..<shape.reduce(1, *)).map { index -> Double in
            let number = Double((index * 37 + seed * 101) % 29) / 16 + 0.125
            return (index + seed).isMultiple(of: 3) ? -number : number
        }
        return dtype == .f64 ? Tensor(values, shape: shape) : Tensor(values.map { Float($0) }, shape: shape)
    }

    private func reals(_ tensor: Tensor) -> [Double] {
        tensor.dtype == .int64 ? [tensor.scalar] : tensor.doubles
    }
}

extension Gradients {
    fileprivate func isZerosButRows(of table: Parameter) -> Bool {
        if case .zeros = gradient(by: table) { true } else { false }
    }
}
