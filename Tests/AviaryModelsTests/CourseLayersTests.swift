import AviaryAutograd
import AviaryLayers
import AviaryModels
import AviaryTensors
import AviaryTestSupport
import Testing

/// The course's layers against PyTorch, forward and backward (`Tests/Oracles/course_layers.py`).
struct CourseLayersTests {
    private struct Fixture: Decodable {
        struct Named: Decodable {
            let key: String
            let tensor: FixtureTensor
        }
        struct Mask: Decodable {
            let shape: [Int]
            let values: [UInt8]
        }
        struct Case: Decodable {
            let name: String
            let keys: [String]
            let state, gradients, statistics: [Named]
            let inputs, outputs, upstreams, inputGradients: [FixtureTensor]
            let mask: Mask?
        }
        let cases: [Case]
    }

    /// The fixture is rounded from double precision: 1e-5 of a tensor's greatest number is ours alone.
    private let tolerance = 1e-5

    private func stream() -> RandomStream { RandomStream(seed: 0, name: "course") }

    private func expected(_ name: String) throws -> Fixture.Case {
        let cases = try fixture("course_layers", as: Fixture.self).cases
        return try #require(cases.first { $0.name == name })
    }

    /// Loads the state by its keys, runs the model in training and compares all that comes out of it.
    private func check(
        _ model: some Module, _ expected: Fixture.Case, run: ([Variable]) -> [Variable]
    ) throws {
        #expect(model.state.map(\.key) == expected.keys)
        var tensors = Dictionary(
            uniqueKeysWithValues: expected.state.map { ($0.key, $0.tensor.tensor) })
        for entry in model.state where entry.key.hasSuffix("num_batches_tracked") {
            tensors[entry.key] = entry.value
        }
        try model.load(tensors)

        let pass = Pass(.training)
        let inputs = expected.inputs.map { pass.input($0.tensor, needsGradient: true) }
        let outputs = run(inputs)
        #expect([outputs.count, outputs.count] == [expected.outputs.count, expected.upstreams.count])
        #expect(!inputs.isEmpty && inputs.count == expected.inputGradients.count)
        var objective: Variable?
        for ((output, wanted), upstream) in zip(zip(outputs, expected.outputs), expected.upstreams) {
            wanted.isClose(to: output.tensor, within: tolerance, "\(expected.name): output")
            let part = (output * pass.input(upstream.tensor)).sum
            objective = objective.map { $0 + part } ?? part
        }
        let gradients = try #require(objective).backward()
        for (input, wanted) in zip(inputs, expected.inputGradients) {
            let gradient = try #require(gradients[input])
            wanted.isClose(to: gradient, within: tolerance, "\(expected.name): gradient of an input")
        }
        let parameters = Dictionary(
            uniqueKeysWithValues: model.state.compactMap { entry in entry.parameter.map { (entry.key, $0) } })
        #expect(Set(expected.gradients.map(\.key)) == Set(parameters.keys))
        for wanted in expected.gradients {
            let parameter = try #require(parameters[wanted.key])
            let gradient = try #require(gradients[parameter])
            wanted.tensor.isClose(to: gradient, within: tolerance, "\(expected.name): \(wanted.key)")
        }
        pass.applyBufferUpdates()
        let after = model.stateDictionary()
        let running = model.state.map(\.key).filter { $0.contains(".running_") }
        #expect(Set(expected.statistics.map(\.key)) == Set(running))
        for wanted in expected.statistics {
            wanted.tensor.isClose(to: try #require(after[wanted.key]), within: tolerance, wanted.key)
        }
    }

    @Test func `the residual block with a projection`() throws {
        var stream = stream()
        let block = CourseResidualBlock(3, 4, stride: 2, random: &stream)
        try check(block, try expected("residual block with projection")) { [block($0[0])] }
    }

    @Test func `the residual block without one`() throws {
        var stream = stream()
        let block = CourseResidualBlock(3, 3, random: &stream)
        try check(block, try expected("residual block")) { [block($0[0])] }
    }

    @Test func `attention with projections that all heads share`() throws {
        var stream = stream()
        let attention = SharedHeadAttention(6, heads: 2, random: &stream)
        try check(attention, try expected("shared-head attention")) {
            [attention(value: $0[0], key: $0[1], query: $0[2])]
        }
    }

    @Test func `attention with a mask that hides every key of one query`() throws {
        var stream = stream()
        let attention = SharedHeadAttention(6, heads: 2, random: &stream)
        let expected = try self.expected("shared-head attention with mask")
        let mask = try #require(expected.mask)
        try check(attention, expected) {
            [
                attention(
                    value: $0[0], key: $0[1], query: $0[2], mask: Tensor(mask.values, shape: mask.shape))
            ]
        }
    }

    @Test func `two towers over dense features`() throws {
        var stream = stream()
        let towers = FeatureTwoTower(userFeatures: 5, itemFeatures: 3, hidden: 6, random: &stream)
        try check(towers, try expected("feature two-tower")) { [towers(users: $0[0], items: $0[1])] }
    }

    @Test func `the projection of two views`() throws {
        var stream = stream()
        let model = SimCLR(
            encoder: Linear(7, 5, random: &stream), features: 5, hidden: 8, projection: 4, random: &stream)
        try check(model, try expected("SimCLR")) { inputs in
            let (first, second) = model(inputs[0], inputs[1])
            return [first, second]
        }
    }

    @Test func `the course's projection has 512 hidden features`() {
        var stream = stream()
        let model = SimCLR(encoder: LayerNorm(32), features: 32, projection: 16, random: &stream)
        #expect(model.stateDictionary()["projector.0.weight"]?.shape == [512, 32])
        #expect(model.stateDictionary()["projector.2.weight"]?.shape == [16, 512])
    }

    @Test func `a width that the heads do not divide stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var stream = RandomStream(seed: 0, name: "course")
            _ = SharedHeadAttention(6, heads: 4, random: &stream)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("attention: a width of 6 cannot be divided among 4 heads"))
    }
}
