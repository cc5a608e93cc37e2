import AviaryAutograd
import AviaryLayers
import AviaryTensors
import AviaryTestSupport
import Testing

/// The norms as layers against PyTorch, with settings of their own (`Tests/Oracles/norm_layers.py`).
struct NormLayerTests {
    private struct Fixture: Decodable {
        let cases: [Case]
    }

    private struct Named: Decodable {
        let key: String
        let tensor: FixtureTensor
    }

    private struct Case: Decodable {
        struct Attributes: Decodable {
            let epsilon: Double
            let momentum: Double?
            let groups, axes: Int?
        }
        struct Step: Decodable {
            let input, upstream, output, inputGradient: FixtureTensor
            let gradients, statistics: [Named]
        }
        let name, layer: String
        let attributes: Attributes
        let state: [Named]
        let steps: [Step]
        let evaluated: FixtureTensor

        func made() throws -> any Layer {
            let (width, epsilon) = (steps[0].input.shape, attributes.epsilon)
            let keys = Set(state.map(\.key))
            switch layer {
            case "BatchNorm":
                return BatchNorm(
                    width[1], epsilon: epsilon, momentum: attributes.momentum,
                    isAffine: keys.contains("weight"), tracksRunningStatistics: keys.contains("running_mean"))
            case "GroupNorm":
                return GroupNorm(
                    groups: try #require(attributes.groups), width[1], epsilon: epsilon,
                    isAffine: keys.contains("weight"))
            default:
                try #require(layer == "LayerNorm")
                return LayerNorm(
                    Array(width.suffix(try #require(attributes.axes))), epsilon: epsilon,
                    hasWeight: keys.contains("weight"),
                    hasBias: keys.contains("bias"))
            }
        }
    }

    /// The fixture is rounded from double precision: 1e-5 of a tensor's greatest number is ours alone.
    private let tolerance = 1e-5

    @Test func `norms give PyTorch's numbers, gradients and running statistics`() throws {
        let cases = try fixture("norm_layers", as: Fixture.self).cases
        #expect(cases.map(\.layer).filter { $0 == "BatchNorm" }.count == 12)
        #expect(Set(cases.map(\.layer)) == ["BatchNorm", "GroupNorm", "LayerNorm"])
        for expected in cases {
            let layer = try expected.made()
            var state = Dictionary(uniqueKeysWithValues: expected.state.map { ($0.key, $0.tensor.tensor) })
            let remembers = state["running_mean"] != nil
            if remembers { state["num_batches_tracked"] = Tensor(0 as Int64) }
            try layer.load(state)
            for step in expected.steps { try check(layer, step, expected.name) }
            let evaluated = layer(Pass(.evaluation).input(expected.steps[0].input.tensor)).tensor
            expected.evaluated.isClose(to: evaluated, within: tolerance, "\(expected.name): evaluation")
            if remembers {
                let count = layer.stateDictionary()["num_batches_tracked"]?.scalar
                #expect(count == Double(expected.steps.count), "\(expected.name)")
            }
        }
    }

    /// One pass in training, there and back.
    private func check(_ layer: any Layer, _ expected: Case.Step, _ name: String) throws {
        let pass = Pass(.training)
        let x = pass.input(expected.input.tensor, needsGradient: true)
        let output = layer(x)
        expected.output.isClose(to: output.tensor, within: tolerance, "\(name): output")
        let gradients = output.backward(from: expected.upstream.tensor)
        let gradient = try #require(gradients[x])
        expected.inputGradient.isClose(to: gradient, within: tolerance, "\(name): gradient of the input")
        let parameters = layer.state.compactMap { entry in entry.parameter.map { (entry.key, $0) } }
        #expect(parameters.map(\.0) == expected.gradients.map(\.key))
        for ((key, parameter), wanted) in zip(parameters, expected.gradients) {
            let gradient = try #require(gradients[parameter])
            wanted.tensor.isClose(to: gradient, within: tolerance, "\(name): gradient of \(key)")
        }
        pass.applyBufferUpdates()
        let state = layer.stateDictionary()
        #expect(expected.statistics.count == (state["running_mean"] == nil ? 0 : 2))
        for wanted in expected.statistics {
            let found = try #require(state[wanted.key])
            wanted.tensor.isClose(to: found, within: tolerance, "\(name): \(wanted.key)")
        }
    }

    /// As PyTorch, where the second call reads what the first wrote: an encoder that sees two views of each image.
    @Test func `two calls in one pass move the statistics one after the other`() {
        var stream = RandomStream(seed: 3, name: "views")
        let views = [
            stream.normalTensor([3, 2, 4, 4], deviation: 1), stream.normalTensor([3, 2, 4, 4], deviation: 3),
        ]
        let (together, apart) = (BatchNorm(2), BatchNorm(2))
        let pass = Pass(.training)
        for view in views { _ = together(pass.input(view)) }
        pass.applyBufferUpdates()
        for view in views {
            let own = Pass(.training)
            _ = apart(own.input(view))
            own.applyBufferUpdates()
        }
        #expect(together.runningMean?.value.doubles == apart.runningMean?.value.doubles)
        #expect(together.runningVariance?.value.doubles == apart.runningVariance?.value.doubles)
        #expect(together.batchCount?.value.scalar == 2)
    }

    @Test func `a batch norm adds a residual to rows and sequences as it does to images`() {
        var stream = RandomStream(seed: 7, name: "rows")
        let (x, residual) = (
            stream.normalTensor([4, 3, 2], deviation: 1), stream.normalTensor([4, 3, 2], deviation: 1)
        )
        for mode in [Mode.training, .evaluation] {
            let pass = Pass(mode)
            let found = BatchNorm(3)(pass.input(x), adding: pass.input(residual), activation: .relu)
            let image = [4, 3, 2, 1]
            let expected = BatchNorm(3)(
                pass.input(x.reshaped(image)), adding: pass.input(residual.reshaped(image)), activation: .relu
            )
            #expect(found.shape == [4, 3, 2])
            #expect(found.tensor.doubles == expected.tensor.doubles)
        }
    }

    @Test func `a batch norm without scale and shift is folded into a convolution as any other`() {
        var stream = RandomStream(seed: 9, name: "folded")
        let conv = Convolution(2, 3, kernel: 3, random: &stream)
        let norm = BatchNorm(3, isAffine: false)
        norm.runningMean?.value = Tensor([0.5, -1, 2] as [Float], shape: [3])
        let images = stream.normalTensor([2, 2, 5, 5], deviation: 1)
        func asked(recordsGradients: Bool) -> [Double] {
            let pass = Pass(.evaluation, recordsGradients: recordsGradients)
            return norm(conv(pass.input(images))).tensor.doubles
        }
        let expected = asked(recordsGradients: true)
        for _ in 0..<2 { expectClose(asked(recordsGradients: false), expected, within: 1e-5, "folded") }
    }

    @Test func `a frozen count holds the share of a batch in the mean of all`() throws {
        let norm = BatchNorm(1, momentum: nil)
        let count = try #require(norm.batchCount)
        count.value = Tensor(4 as Int64)
        count.isFrozen = true
        let pass = Pass(.training)
        _ = norm(pass.input(Tensor([8, 8] as [Float], shape: [2, 1])))
        pass.applyBufferUpdates()
        #expect(norm.runningMean?.value.doubles == [2])
        #expect(count.value.scalar == 4)
    }

    @Test func `training on one value per channel names the shape that was given`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = BatchNorm(3)(Pass(.training).input(.zeros([1, 3])))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(
            text.contains("batch norm in training: takes more than one value per channel, given was [1, 3]"),
            "\(text)")
    }

    @Test func `a batch norm takes double precision beside statistics in single`() {
        var stream = RandomStream(seed: 5, name: "wide")
        let x = stream.normalTensor([2, 3, 4, 5], deviation: 1)
        let (single, double) = (BatchNorm(3), BatchNorm(3))
        for mode in [Mode.training, .evaluation] {
            let (a, b) = (Pass(mode), Pass(mode))
            let expected = single(a.input(x)).tensor.doubles
            let output = double(b.input(x.cast(to: .f64))).tensor
            #expect(output.dtype == .f64)
            expectClose(output.doubles, expected, within: 1e-5, "\(mode)")
            a.applyBufferUpdates()
            b.applyBufferUpdates()
            #expect(double.runningMean?.value.dtype == .f32)
        }
    }

    /// A channel of 0.1 over a large plane: sums in floats alone would be off by 5e-4 of it, those of 512 by 5e-6.
    @Test func `statistics of a large plane keep their digits`() throws {
        let pass = Pass(.training)
        let layer = BatchNorm(2, momentum: 1)
        _ = layer(pass.input(Tensor(repeating: Float(0.1), shape: [1, 2, 320, 320])))
        pass.applyBufferUpdates()
        expectClose(try #require(layer.runningMean).value.doubles, [0.1, 0.1], within: 1e-5, "mean")
        #expect(try #require(layer.runningVariance).value.doubles.allSatisfy { $0 < 1e-12 })
    }

    /// PyTorch: "Expected more than 1 value per channel when training".
    @Test func `training on one value per channel stops the program and names the shape`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = BatchNorm(3)(Pass(.training).input(.zeros([1, 3, 1, 1])))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(
            text.contains(
                "batch norm in training: takes more than one value per channel, given was [1, 3, 1, 1]"),
            "\(text)")
    }

    @Test func `one value per channel is enough in evaluation, and with frozen statistics`() {
        let x = Tensor([3, -4] as [Float], shape: [1, 2, 1, 1])
        let layer = BatchNorm(2, epsilon: 0)
        expectClose(layer(Pass(.evaluation).input(x)).tensor.doubles, [3, -4], within: 1e-6, "evaluation")
        layer.runningMean?.isFrozen = true
        expectClose(layer(Pass(.training).input(x)).tensor.doubles, [3, -4], within: 1e-6, "frozen")
    }

    @Test func `a shape that no norm takes stops the program, which says what it takes`() async throws {
        let batch = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = BatchNorm(3)(Pass(.training).input(.zeros([3])))
        }
        let text = String(decoding: try #require(batch).standardErrorContent, as: UTF8.self)
        #expect(
            text.contains("batch norm: takes [N, C], [N, C, L] or [N, C, H, W], given was [3]"), "\(text)")
        let group = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = GroupNorm(groups: 1, 3)(Pass(.training).input(.zeros([3])))
        }
        let other = String(decoding: try #require(group).standardErrorContent, as: UTF8.self)
        #expect(other.contains("group norm: takes [N, C, …], given was [3]"), "\(other)")
    }
}
