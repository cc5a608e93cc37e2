import AviaryAutograd
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import Testing

/// What a step takes of memory, and that nobody else sees it.
struct InPlaceTests {
    /// What a table's gradient is made of.
    enum Form: CaseIterable {
        case dense
        case rowsOfZeros
        case rows
    }

    @Test(arguments: AdaptiveTests.Kind.allCases, Form.allCases)
    func `a step makes no tensor anew, a copy held elsewhere keeps its numbers`(
        kind: AdaptiveTests.Kind, form: Form
    ) {
        let table = Parameter(Tensor(repeating: 1 as Float, shape: [50, 4]))
        let optimizer = kind.optimizer(over: [table])
        step(optimizer, table, form, seed: 0)
        var addresses = places(table, optimizer)
        step(optimizer, table, form, seed: 1)
        #expect(places(table, optimizer) == addresses)

        let (copy, state) = (table.value, optimizer.state)
        let (values, stateValues) = (copy.doubles, state.mapValues(numbers(of:)))
        step(optimizer, table, form, seed: 2)
        #expect(copy.doubles == values && table.value.doubles != values)
        #expect(state.mapValues(numbers(of:)) == stateValues)
        #expect(optimizer.state.mapValues(numbers(of:)) != stateValues)
        #expect(places(table, optimizer).isDisjoint(with: addresses), "what was held was written")
        addresses = places(table, optimizer)
        step(optimizer, table, form, seed: 3)
        #expect(places(table, optimizer) == addresses, "copied once, then in place again")
    }

    @Test(arguments: AdaptiveTests.Kind.allCases)
    func `parameters of one storage, and a gradient of the same, part before they change`(
        kind: AdaptiveTests.Kind
    ) {
        let shared = Tensor([1, -2, 3 as Float], shape: [3])
        func stepped(_ tensors: [Tensor], gradient: Tensor) -> [[Double]] {
            let parameters = tensors.map { Parameter($0) }
            let optimizer = kind.optimizer(over: parameters)
            optimizer.step(givenGradients(parameters, [gradient, gradient]), rate: 0.1)
            return parameters.map(\.value.doubles)
        }
        func apart() -> Tensor { Tensor(shared.values(as: Float.self), shape: [3]) }
        let found = stepped([shared, shared], gradient: shared)
        #expect(found == stepped([apart(), apart()], gradient: apart()))
        #expect(found[0] == found[1] && found[0] != shared.doubles)
        #expect(shared.doubles == [1, -2, 3])
    }

    @Test func `the average and a pass's variable keep what they have seen`() {
        let parameter = Parameter(Tensor([1, 2 as Float], shape: [2]))
        var average = MovingAverage(of: ["weight": parameter], decay: 0.5)
        average.update()
        let pass = Pass(.training)
        let variable = pass.use(parameter)
        let optimizer = SGD([parameter])
        optimizer.step(givenGradients([parameter], [Tensor([1, 1 as Float], shape: [2])]), rate: 1)
        #expect(parameter.value.doubles == [0, 1])
        #expect(variable.tensor.doubles == [1, 2])
        #expect(average.state["weight"]?.doubles == [1, 2])
    }

    @Test func `a step over 100 of 100,000 rows takes the memory of those rows`() async {
        await #expect(processExitsWith: .success) {
            let tableByteCount = 100_000 * 16 * 4
            let table = Parameter(Tensor(repeating: 1 as Float, shape: [100_000, 16]))
            let optimizer = Adam([table])
            func taken(by step: Int) -> Int {
                let before = MemoryCache.shared.takenByteCount
                let ids = (0..<100).map { Int64(($0 * 997 + step * 31) % 100_000) }
                let upstream = Tensor(repeating: 1 as Float, shape: [100, 16])
                optimizer.step(rowGradients(table, ids, upstream), rate: 0.1)
                return MemoryCache.shared.takenByteCount - before
            }
            // Both moments begin as one tensor: the first step parts them.
            let first = taken(by: 0)
            guard first >= tableByteCount, first < 3 * tableByteCount else {
                fatalError("the first step took \(first) bytes, the table is \(tableByteCount)")
            }
            for step in 1..<5 {
                let more = taken(by: step)
                guard more < tableByteCount / 50 else { fatalError("step \(step) took \(more) bytes") }
            }
        }
    }

    private func step(_ optimizer: any Optimizer, _ table: Parameter, _ form: Form, seed: Int) {
        let upstream = Tensor((0..<12).map { Float(($0 + seed) % 5 + 1) }, shape: [3, 4])
        var gradients = rowGradients(table, [Int64(seed), 7, 49], upstream, isSparse: form == .rows)
        if form == .dense { gradients = givenGradients([table], [gradients[table]]) }
        optimizer.step(gradients, rate: 0.1)
    }

    /// Where the parameter and its state lie.
    private func places(_ table: Parameter, _ optimizer: any Optimizer) -> Set<UnsafeMutableRawPointer> {
        let tensors = optimizer.state.filter { !$0.key.hasPrefix("stepCount") }.values
        return Set(tensors.map(\.storage.bytes) + [table.value.storage.bytes])
    }

    private func numbers(of tensor: Tensor) -> [Double] {
        tensor.dtype == .int64 ? [tensor.scalar] : tensor.doubles
    }
}
