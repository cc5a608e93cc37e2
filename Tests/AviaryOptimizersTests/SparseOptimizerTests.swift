import AviaryAutograd
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import Testing

/// Optimizers on gradients that are rows, against PyTorch and NumPy (`Tests/Oracles/sparse_optimizers.py`).
struct SparseOptimizerTests {
    private struct Fixture: Decodable {
        let trajectories: [Trajectory]
    }

    private struct Trajectory: Decodable {
        struct Attributes: Decodable {
            let gradientScale, weightDecay: Double
            let firstMomentDecay, secondMomentDecay, epsilon, rateDecay, initialSum: Double?
            let smoothing, momentum: Double?
            let nesterov, centered: Bool?
        }
        struct Step: Decodable {
            let ids: [Int64]
            let upstream: FixtureTensor
        }
        let name, optimizer, oracle: String
        let attributes: Attributes
        let start: FixtureTensor
        let steps: [Step]
        let rates: [Double]
        let values: [FixtureTensor]

        func stepping(_ table: Parameter) throws -> any Optimizer {
            let a = attributes
            switch optimizer {
            case "SGD":
                return SGD(
                    [table], momentum: try #require(a.momentum), weightDecay: a.weightDecay,
                    isNesterov: a.nesterov == true)
            case "Adam":
                return Adam(
                    [table], firstMomentDecay: try #require(a.firstMomentDecay),
                    secondMomentDecay: try #require(a.secondMomentDecay), epsilon: try #require(a.epsilon),
                    weightDecay: a.weightDecay)
            case "AdamW":
                return AdamW(
                    [table], firstMomentDecay: try #require(a.firstMomentDecay),
                    secondMomentDecay: try #require(a.secondMomentDecay), epsilon: try #require(a.epsilon),
                    weightDecay: a.weightDecay)
            case "Adagrad":
                return Adagrad(
                    [table], rateDecay: try #require(a.rateDecay), weightDecay: a.weightDecay,
                    initialSum: try #require(a.initialSum), epsilon: try #require(a.epsilon))
            default:
                try #require(optimizer == "RMSprop")
                return RMSprop(
                    [table], smoothing: try #require(a.smoothing), epsilon: try #require(a.epsilon),
                    momentum: try #require(a.momentum), isCentered: a.centered == true,
                    weightDecay: a.weightDecay)
            }
        }
    }

    @Test func `rows walk as PyTorch's do, or by each rule row by row`() throws {
        let trajectories = try fixture("sparse_optimizers", as: Fixture.self).trajectories
        #expect(Set(trajectories.map(\.optimizer)) == ["SGD", "Adam", "AdamW", "Adagrad", "RMSprop"])
        let ofPyTorch = Set(trajectories.filter { $0.oracle == "PyTorch" }.map(\.optimizer))
        #expect(ofPyTorch == ["SGD", "Adam", "Adagrad"])
        for expected in trajectories {
            let table = Parameter(expected.start.tensor)
            let optimizer = try expected.stepping(table)
            for (index, step) in expected.steps.enumerated() {
                optimizer.step(
                    rowGradients(table, step.ids, step.upstream.tensor), rate: expected.rates[index],
                    gradientScale: expected.attributes.gradientScale)
                // In f64 only the order of operations differs; in f32 it is a few roundings a step.
                expected.values[index].isClose(
                    to: table.value, within: expected.start.dtype == "f64" ? 1e-12 : 2e-6,
                    "\(expected.name), step \(index)")
            }
        }
    }

    private let ids: [[Int64]] = [[0, 1, 2, 3], [3, 1, 0, 2], [2, 2, 3, 1, 0]]

    /// Walks over gradients in which every row takes part.
    private func walk(_ kind: AdaptiveTests.Kind, _ dtype: DType, isSparse: Bool) -> [[Double]] {
        let table = Parameter(numbers([4, 3], 0, dtype))
        let optimizer = kind.optimizer(over: [table])
        for (step, ids) in ids.enumerated() {
            let gradients = rowGradients(
                table, ids, numbers([ids.count, 3], step + 1, dtype), isSparse: isSparse)
            optimizer.step(gradients, rate: 0.1, gradientScale: 0.5)
        }
        return [table.value.doubles]
            + ["momentum.0", "firstMoment.0", "squareSum.0", "squareAverage.0"]
            .compactMap { optimizer.state[$0]?.doubles }
    }

    @Test(arguments: AdaptiveTests.Kind.allCases, [DType.f32, .f64])
    func `where every row takes part it is the dense step`(kind: AdaptiveTests.Kind, dtype: DType) {
        let (sparse, dense) = (walk(kind, dtype, isSparse: true), walk(kind, dtype, isSparse: false))
        #expect(sparse.count == dense.count && sparse.count >= 2)
        guard kind == .adam else {
            #expect(sparse == dense)
            return
        }
        // Adam's ε stands elsewhere, as in PyTorch; 1e-8 beside roots of 0.1 and more, which the first steps divide
        // by √0.001.
        expectClose(sparse[0], dense[0], within: 1e-5, "parameter")
        // The decay draws on that parameter, so the moment differs with it.
        expectClose(sparse[1], dense[1], within: 1e-6, "first moment")
    }

    @Test(arguments: AdaptiveTests.Kind.allCases)
    func `rows that are not looked up keep their bits and those of their state`(kind: AdaptiveTests.Kind) {
        let table = Parameter(numbers([4, 3], 0, .f32))
        let optimizer = kind.optimizer(over: [table])
        for step in 1...2 {
            optimizer.step(
                rowGradients(table, [0, 1, 2, 3], numbers([4, 3], step, .f32)), rate: 0.1, gradientScale: 1)
        }
        let before = tensors(table, optimizer)
        optimizer.step(
            rowGradients(table, [2, 0, 2], numbers([3, 3], 3, .f32)), rate: 0.1, gradientScale: 1)
        let after = tensors(table, optimizer)
        for (name, tensor) in before {
            let (old, new) = (tensor.doubles, after[name]?.doubles ?? [])
            #expect(new.count == 12)
            for row in 0..<4 {
                let range = row * 3..<row * 3 + 3
                #expect((old[range] == new[range]) == (row % 2 == 1), "\(name), row \(row)")
            }
        }
    }

    @Test(arguments: AdaptiveTests.Kind.allCases)
    func `a gradient of no rows changes nothing but the count of steps`(kind: AdaptiveTests.Kind) {
        let table = Parameter(numbers([4, 3], 0, .f32))
        let optimizer = kind.optimizer(over: [table])
        optimizer.step(
            rowGradients(table, [1], numbers([1, 3], 1, .f32)), rate: 0.1, gradientScale: 1)
        let before = tensors(table, optimizer).mapValues(\.doubles)
        let padding = RowsOfPadding(table)
        optimizer.step(padding.gradients, rate: 0.1, gradientScale: 1)
        #expect(padding.rowCount == 0)
        #expect(tensors(table, optimizer).mapValues(\.doubles) == before)
        if let count = optimizer.state["stepCount.0"] { #expect(count.scalar == 2) }
    }

    @Test(arguments: AdaptiveTests.Kind.allCases)
    func `a restored state goes on with the same bits on rows and on whole tables`(
        kind: AdaptiveTests.Kind
    ) throws {
        func walk(_ optimizer: any Optimizer, _ steps: Range<Int>) {
            for step in steps {
                let gradients = rowGradients(
                    optimizer.parameters[0], [Int64(step % 4), 1, 3], numbers([3, 3], step, .f32),
                    isSparse: !step.isMultiple(of: 3))
                optimizer.step(gradients, rate: 0.1, gradientScale: 1)
            }
        }
        let straight = kind.optimizer(over: [Parameter(numbers([4, 3], 0, .f32))])
        walk(straight, 0..<7)
        let first = kind.optimizer(over: [Parameter(numbers([4, 3], 0, .f32))])
        walk(first, 0..<4)
        let second = kind.optimizer(over: [Parameter(first.parameters[0].value)])
        let kept = first.state
        try second.restore(kept)
        walk(second, 4..<7)
        #expect(second.parameters[0].value.doubles == straight.parameters[0].value.doubles)
        // What is stepped in place must not reach through to the state it was restored from.
        let third = kind.optimizer(over: [Parameter(first.parameters[0].value)])
        try third.restore(kept)
        walk(third, 4..<7)
        #expect(third.parameters[0].value.doubles == straight.parameters[0].value.doubles)
    }

    private func tensors(_ table: Parameter, _ optimizer: any Optimizer) -> [String: Tensor] {
        var tensors = optimizer.state.filter { !$0.key.hasPrefix("stepCount") }
        tensors["parameter"] = table.value
        return tensors
    }

    /// Numbers that are far from zero and differ from row to row.
    private func numbers(_ shape: [Int], _ seed: Int, _ dtype: DType) -> Tensor {
        let values = (0..<shape[0] * shape[1]).map { index -> Double in
            let number = Double((index * 37 + seed * 101) % 29) / 16 + 0.125
            return (index + seed).isMultiple(of: 3) ? -number : number
        }
        return dtype == .f64 ? Tensor(values, shape: shape) : Tensor(values.map { Float($0) }, shape: shape)
    }
}

/// A gradient whose only id is the padding.
private struct RowsOfPadding {
    let gradients: Gradients
    let rowCount: Int?

    init(_ table: Parameter) {
        let pass = Pass(.training)
        let ids = Tensor([2 as Int64], shape: [1])
        gradients = embedding(ids, weight: pass.use(table), paddingIndex: 2, isSparse: true).sum.backward()
        guard case .rows(let rows) = gradients.gradient(by: table) else {
            rowCount = nil
            return
        }
        rowCount = rows.rows.count
    }
}
