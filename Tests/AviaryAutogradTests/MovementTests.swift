import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// What moves, chooses, reduces and contracts, against PyTorch (`Tests/Oracles/movement.py`).
struct MovementTests {
    struct Attributes: Decodable {
        var axis, count, correction: Int?
        var value: Double?
        var axes, shape, counts: [Int]?
        var ranges, padding: [[Int]]?
        var keepsAxes, descending, largest: Bool?
        var equation: String?
        var indices, mask: FixtureIndices?
    }

    typealias Case = OperationCase<Attributes>

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        for (name, count, furtherCount) in [("movement", 154, 29), ("reductions", 131, 0)] {
            let cases = try fixture(name, as: OperationCases<Attributes>.self).cases
            #expect(cases.count == count, "\(name)")
            #expect(cases.filter { !$0.further.isEmpty }.count >= furtherCount, "\(name)")
            try OperationCheck(cases) { try apply($0, $1) }.run()
        }
    }

    private func apply(_ example: Case, _ x: [Variable]) throws -> OperationAnswer {
        let a = example.attributes
        switch example.operation {
        case "sort":
            let found = x[0].sorted(isDescending: a.descending == true)
            return OperationAnswer(found.values, further: [found.indices])
        case "topK":
            let found = x[0].topK(try #require(a.count), largest: a.largest != false)
            return OperationAnswer(found.values, further: [found.indices])
        case "gather", "scatterAdd", "indexSelect", "where", "maskedFill", "cumulativeSum":
            return OperationAnswer(try choose(example, x))
        case "max", "min", "logSumExp", "variance": return OperationAnswer(try reduce(example, x[0]))
        case "einsum": return OperationAnswer(einsum(try #require(a.equation), x[0], x[1]))
        case "batchedProduct": return OperationAnswer(x[0].batchedProduct(x[1]))
        default: return OperationAnswer(try move(example, x))
        }
    }

    private func move(_ example: Case, _ x: [Variable]) throws -> Variable {
        let a = example.attributes
        switch example.operation {
        case "slice":
            return x[0].sliced(try #require(a.ranges).map { .range($0[0]..<$0[1], step: $0[2]) })
        case "concatenate": return concatenate(x, axis: try #require(a.axis))
        case "stack": return stack(x, axis: try #require(a.axis))
        case "split":
            let parts = x[0].split(try #require(a.counts), axis: try #require(a.axis))
            return parts[0] * parts[2]
        case "broadcast": return x[0].broadcast(to: try #require(a.shape))
        case "pad":
            let padding = try #require(a.padding).map { (before: $0[0], after: $0[1]) }
            return x[0].padded(padding, value: try #require(a.value))
        case "flip": return x[0].flipped(try #require(a.axes))
        case "squeeze": return x[0].squeezed(try #require(a.axis))
        case "unsqueeze": return x[0].unsqueezed(try #require(a.axis))
        case "transpose":
            let axes = try #require(a.axes)
            return x[0].transposed(axes[0], axes[1])
        case "permute": return x[0].permuted(try #require(a.axes))
        default: throw UnknownOperation(example.operation)
        }
    }

    private func choose(_ example: Case, _ x: [Variable]) throws -> Variable {
        let a = example.attributes
        switch example.operation {
        case "gather":
            return x[0].gather(axis: try #require(a.axis), indices: try #require(a.indices).indices)
        case "scatterAdd":
            let indices = try #require(a.indices).indices
            return x[0].scatterAdd(axis: try #require(a.axis), indices: indices, source: x[1])
        case "indexSelect":
            return x[0].indexSelect(axis: try #require(a.axis), indices: try #require(a.indices).indices)
        case "where": return select(where: try #require(a.mask).mask, x[0], x[1])
        case "maskedFill": return x[0].maskedFill(try #require(a.mask).mask, with: try #require(a.value))
        case "cumulativeSum": return x[0].cumulativeSum(axis: try #require(a.axis))
        default: throw UnknownOperation(example.operation)
        }
    }

    private func reduce(_ example: Case, _ x: Variable) throws -> Variable {
        let a = example.attributes
        let (axes, keepsAxes) = (try #require(a.axes), a.keepsAxes == true)
        switch example.operation {
        case "max":
            if axes.count == 1 { expectArgmax(x.tensor, axis: axes[0], example.name) }
            let greatest = x.max(over: axes, keepsAxes: keepsAxes)
            expectSame(x.tensor.maximum(over: axes, keepsAxes: keepsAxes), greatest.tensor, example.name)
            return greatest
        case "min":
            let least = x.min(over: axes, keepsAxes: keepsAxes)
            expectSame(x.tensor.minimum(over: axes, keepsAxes: keepsAxes), least.tensor, example.name)
            return least
        case "logSumExp": return x.logSumExp(over: axes, keepsAxes: keepsAxes)
        case "variance":
            return x.variance(over: axes, correction: try #require(a.correction), keepsAxes: keepsAxes)
        default: throw UnknownOperation(example.operation)
        }
    }

    private func expectSame(_ found: Tensor, _ expected: Tensor, _ name: String) {
        #expect(found.shape == expected.shape && found.dtype == expected.dtype, "\(name): the tensor's")
        #expect(found.doubles == expected.doubles, "\(name): the tensor's")
    }

    /// The elements at the positions of `argmax` are the maxima.
    private func expectArgmax(_ x: Tensor, axis: Int, _ name: String) {
        let pass = Pass(.evaluation)
        let positions = x.argmax(axis: axis, keepsAxis: true)
        let found = pass.input(x).gather(axis: axis, indices: positions)
        let greatest = pass.input(x).max(over: [axis], keepsAxes: true)
        #expect(
            found.shape == greatest.shape && found.tensor.doubles == greatest.tensor.doubles,
            "\(name): argmax")
    }
}

/// What is particular: integers, order among equals, infinities, and the messages of mistakes.
struct MovementParticularsTests {
    @Test func `integers are moved as they are`() {
        let pass = Pass(.evaluation)
        let x = pass.input(Tensor([1, 2, 3, 4, 5, -6] as [Int64], shape: [2, 3]))
        #expect(x.flipped([1]).tensor.values(as: Int64.self) == [3, 2, 1, -6, 5, 4])
        #expect(x.sliced(1..<3, along: -1).tensor.values(as: Int64.self) == [2, 3, 5, -6])
        #expect(concatenate([x, x], axis: 1).shape == [2, 6])
        let bytes = pass.input(Tensor([7, 8] as [UInt8], shape: [2]))
        #expect(
            bytes.padded([(before: 1, after: 2)], value: 9).tensor.values(as: UInt8.self) == [9, 7, 8, 9, 9])
        #expect(bytes.broadcast(to: [2, 2]).tensor.values(as: UInt8.self) == [7, 8, 7, 8])
    }

    @Test func `the first of equals is the greatest`() {
        let x = Tensor([1, 3, 3, 2, 2, 2] as [Float], shape: [2, 3])
        #expect(x.argmax().values(as: Int64.self) == [1, 0])
        #expect(x.argmax(axis: 0, keepsAxis: true).shape == [1, 3])
        #expect(Pass(.evaluation).input(x).topK(2).indices.values(as: Int64.self) == [1, 2, 0, 1])
    }

    @Test func `NaN is the greatest, for max, sort and top-k`() {
        let x = Pass(.evaluation).input(Tensor([1, .nan, 3] as [Double], shape: [3]))
        #expect(x.max(over: [0]).tensor.scalar.isNaN)
        #expect(x.sorted().indices.values(as: Int64.self) == [0, 2, 1])
        #expect(x.topK(1).indices.values(as: Int64.self) == [1])
        // The least come without it, as with PyTorch's `largest=False`.
        #expect(x.topK(2, largest: false).indices.values(as: Int64.self) == [0, 2])
        #expect(x.topK(3, largest: false).indices.values(as: Int64.self) == [0, 2, 1])
    }

    @Test func `where NaN wins along several axes every element gets NaN, as with amax`() throws {
        let pass = Pass(.training)
        let x = pass.input(Tensor([1, .nan, 3, 2] as [Double], shape: [2, 2]), needsGradient: true)
        let gradient = try #require(x.max(over: [0, 1]).backward()[x])
        #expect(gradient.doubles.allSatisfy { $0.isNaN })
    }

    private static let shapeMistakes: [(text: String, run: @Sendable (Pass) -> Void)] = [
        (
            "top-k: takes a tensor of 5 elements or more along axis 0, given was [3, 7]",
            { _ = $0.input(.zeros([3, 7])).topK(5, axis: 0) }
        ),
        (
            "top-k: takes a count of 0 or more, given was -1",
            { _ = $0.input(.zeros([3, 7])).topK(-1) }
        ),
        (
            "max: takes at least one element along axis 0, given was [0, 3]",
            { _ = $0.input(.zeros([0, 3])).max(over: [0]) }
        ),
        (
            "min: takes at least one element along axes [0, 2], given was [2, 3, 0]",
            { _ = $0.input(.zeros([2, 3, 0])).min(over: [-1, 0]) }
        ),
        (
            "maximum: takes at least one element along axis 1, given was [2, 0]",
            { _ in _ = Tensor.zeros([2, 0], dtype: .int8).maximum(over: [1]) }
        ),
        (
            "permute: takes a tensor with an axis -4, given was [2, 3, 4]",
            { _ = $0.input(.zeros([2, 3, 4])).permuted([0, 1, -4]) }
        ),
        (
            "permute: takes each of its axes once, not [0, -1, 2], given was [2, 3, 4]",
            { _ = $0.input(.zeros([2, 3, 4])).permuted([0, -1, 2]) }
        ),
    ]

    @Test(arguments: shapeMistakes.indices)
    func `a mistake names the shape and the axis that were given`(index: Int) async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            MovementParticularsTests.shapeMistakes[index].run(Pass(.training))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains(Self.shapeMistakes[index].text), "\(text)")
    }

    @Test func `a row of minus infinities has no slope`() {
        let pass = Pass(.training)
        let x = pass.input(Tensor(repeating: -Double.infinity, shape: [1, 2]), needsGradient: true)
        let y = x.logSumExp(over: [1])
        #expect(y.tensor.scalar == -.infinity)
        #expect(y.backward()[x]?.values(as: Double.self) == [0, 0])
    }

    @Test func `a shape that does not fit concatenate stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            _ = concatenate([pass.input(.zeros([2, 3])), pass.input(.zeros([3, 2]))], axis: 0)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("concatenate: shapes [2, 3] and [3, 2] do not fit"))
    }

    @Test func `a range outside its axis stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Pass(.training).input(.zeros([2, 3])).sliced(1..<4, along: 1)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("slice: takes a tensor that has 1..<4 along axis 1, given was [2, 3]"))
    }

    @Test func `an index outside its axis stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let rows = Tensor([0, 2] as [Int64], shape: [2])
            _ = Pass(.training).input(.zeros([2, 3])).indexSelect(axis: 0, indices: rows)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("index select: index 2 along an axis of 2"))
    }

    @Test func `an einsum whose shapes do not fit stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            _ = einsum("ij,jk->ik", pass.input(.zeros([2, 3])), pass.input(.zeros([4, 5])))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("einsum \"ij,jk->ik\": shapes [2, 3] and [4, 5] do not fit"))
    }

    @Test func `an einsum that is none stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            _ = einsum("ii,ij->j", pass.input(.zeros([2, 2])), pass.input(.zeros([2, 2])))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(
            text.contains("einsum \"ii,ij->j\": a letter stands twice in \"ii\"; diagonals are not taken"))
    }
}
