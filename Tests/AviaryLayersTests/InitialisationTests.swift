import AviaryAutograd
import AviaryLayers
import AviaryTensors
import AviaryTestSupport
import Testing

/// Initialisations by PyTorch's formulas (`Tests/Oracles/initialisations.py`) and by the moments of what is drawn.
struct InitialisationTests {
    private struct Fixture: Decodable {
        struct Fans: Decodable {
            let shape: [Int]
            let incoming, outgoing: Int
            let linearBound, kaimingUniformIncoming, kaimingUniformLeaky: Double
            let kaimingNormalOutgoing, kaimingNormalLeaky, xavierUniform, xavierNormalTanh: Double
        }
        struct Truncated: Decodable {
            let mean, deviation, from, to, sampleMean, sampleDeviation: Double
        }
        let fans: [Fans]
        let gains: [String: Double]
        let truncated: [Truncated]
    }

    private func stream() -> RandomStream { RandomStream(seed: 3, name: "initialisation") }

    private func drawn(_ initialisation: Initialisation, _ shape: [Int]) -> [Double] {
        var stream = stream()
        return initialisation.weights(shape, from: &stream).doubles
    }

    private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / Double(values.count)).squareRoot())
    }

    /// The shapes of the fixture with what PyTorch makes of them.
    private func fans() throws -> [Fixture.Fans] {
        let fans = try fixture("initialisations", as: Fixture.self).fans
        #expect(fans.count == 4)
        return fans
    }

    @Test func `fans are those of PyTorch`() throws {
        for expected in try fans() {
            let fans = Fans(expected.shape)
            #expect([fans.incoming, fans.outgoing] == [expected.incoming, expected.outgoing])
            #expect([fans[.incoming], fans[.outgoing]] == [expected.incoming, expected.outgoing])
        }
    }

    @Test func `gains are those of PyTorch`() throws {
        let expected = try fixture("initialisations", as: Fixture.self).gains
        let gains: [String: Nonlinearity] = [
            "linear": .linear, "sigmoid": .sigmoid, "tanh": .tanh, "relu": .relu,
            "leaky": .leakyReLU(slope: 0.2), "selu": .selu,
        ]
        #expect(gains.count == expected.count)
        for (name, nonlinearity) in gains {
            let wanted = try #require(expected[name])
            #expect(abs(nonlinearity.gain - wanted) < 1e-15, "\(name)")
        }
    }

    /// The same stream drawn with PyTorch's own bound or deviation: single precision apart, the same numbers.
    @Test func `bounds and deviations are those of PyTorch`() throws {
        for expected in try fans() {
            let uniform: [(Initialisation, Double)] = [
                (.torchDefault, expected.linearBound), (.kaimingUniform(), expected.kaimingUniformIncoming),
                (.kaimingUniform(fan: .outgoing, slope: 0.2), expected.kaimingUniformLeaky),
                (.xavierUniform(), expected.xavierUniform),
            ]
            for (initialisation, bound) in uniform {
                var stream = stream()
                let wanted = stream.uniformTensor(expected.shape, bound: bound).doubles
                let values = drawn(initialisation, expected.shape)
                expectClose(values, wanted, within: 1e-6, "\(initialisation) \(expected.shape)")
                #expect(values.allSatisfy { abs($0) <= bound * (1 + 1e-6) })
            }
            let normal: [(Initialisation, Double)] = [
                (.kaimingNormalFanOut, expected.kaimingNormalOutgoing),
                (.kaimingNormal(slope: 0.1), expected.kaimingNormalLeaky),
                (.xavierNormal(gain: Nonlinearity.tanh.gain), expected.xavierNormalTanh),
            ]
            for (initialisation, deviation) in normal {
                var stream = stream()
                let wanted = stream.normalTensor(expected.shape, deviation: deviation).doubles
                expectClose(
                    drawn(initialisation, expected.shape), wanted, within: 1e-6,
                    "\(initialisation) \(expected.shape)")
            }
        }
    }

    @Test func `what published weights began with keeps its bytes`() {
        var first = stream()
        let linear = first.uniformTensor([10, 64], bound: 1 / Double(64).squareRoot())
        #expect(drawn(.torchDefault, [10, 64]) == linear.doubles)
        var second = stream()
        let convolution = second.normalTensor([16, 3, 3, 3], deviation: (2 / Double(16 * 9)).squareRoot())
        #expect(drawn(.kaimingNormalFanOut, [16, 3, 3, 3]) == convolution.doubles)
    }

    /// 40,000 draws: the mean errs by 0.005 deviations and the deviation by 0.0035; four of each.
    @Test func `normal and uniform numbers have their moments`() {
        let normal = moments(drawn(.normal(mean: 1, deviation: 0.02), [200, 200]))
        #expect(abs(normal.mean - 1) < 0.02 * 0.02)
        #expect(abs(normal.deviation / 0.02 - 1) < 0.015)
        let values = drawn(.uniform(from: -1, to: 3), [200, 200])
        #expect(values.allSatisfy { (-1...3).contains($0) })
        let uniform = moments(values)
        #expect(abs(uniform.mean - 1) < 0.02 * 1.2)
        #expect(abs(uniform.deviation / (4 / 12.0.squareRoot()) - 1) < 0.015)
    }

    @Test func `a truncated normal stays within its bounds and has their moments`() throws {
        let truncated = try fixture("initialisations", as: Fixture.self).truncated
        #expect(truncated.count == 3)
        for expected in truncated {
            let values = drawn(
                .truncatedNormal(
                    mean: expected.mean, deviation: expected.deviation, from: expected.from, to: expected.to),
                [200, 200])
            #expect(values.allSatisfy { (expected.from...expected.to).contains($0) })
            let found = moments(values)
            #expect(abs(found.mean - expected.sampleMean) < 0.02 * expected.sampleDeviation)
            #expect(abs(found.deviation / expected.sampleDeviation - 1) < 0.015)
        }
    }

    @Test func `a truncated normal is the stream's own`() {
        var stream = stream()
        let numbers = stream.truncatedNormalTensor([3, 70], mean: 0.5, deviation: 2, in: -1...1).doubles
        #expect(drawn(.truncatedNormal(mean: 0.5, deviation: 2, from: -1, to: 1), [3, 70]) == numbers)
    }

    @Test func `bounds of a truncated normal between which nothing lies stop the program`() async throws {
        let far = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var stream = RandomStream(seed: 0, name: "far")
            let far = Initialisation.truncatedNormal(mean: 0, deviation: 0.1, from: 5, to: 6)
            _ = far.weights([2, 2], from: &stream)
        }
        let turned = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var stream = RandomStream(seed: 0, name: "turned")
            _ = Initialisation.truncatedNormal(from: 2, to: -2).weights([2, 2], from: &stream)
        }
        for (result, message) in [
            (far, "nothing of mean 0.0, deviation 0.1 lies in 5.0...6.0"),
            (turned, "the bounds 2.0 and -2.0 are the wrong way round"),
        ] {
            let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
            #expect(text.contains("truncated normal: \(message)"), "\(text)")
        }
    }

    /// As PyTorch, whose `Linear(0, n)` warns of its weights and gives biases a bound of 0.
    @Test func `a bias to which nothing comes begins at 0`() {
        var stream = stream()
        let linear = Linear(0, 3, random: &stream)
        let convolution = Convolution(0, 4, kernel: 3, hasBias: true, random: &stream)
        #expect(linear.weight.value.shape == [3, 0] && convolution.weight.value.shape == [4, 0, 3, 3])
        #expect(linear.bias?.value.doubles == [0, 0, 0])
        #expect(convolution.bias?.value.doubles == [0, 0, 0, 0])
    }

    @Test(arguments: [[5, 12], [12, 5], [6, 2, 3], [4, 4]])
    func `orthogonal rows or columns have length gain and stand upright on each other`(shape: [Int]) {
        let values = drawn(.orthogonal(gain: 2), shape)
        let (rows, columns) = (shape[0], shape.dropFirst().reduce(1, *))
        let vectors: [[Double]] =
            rows <= columns
            ? (0..<rows).map { row in (0..<columns).map { values[row * columns + $0] } }
            : (0..<columns).map { column in (0..<rows).map { values[$0 * columns + column] } }
        for (i, left) in vectors.enumerated() {
            for (j, right) in vectors.enumerated() {
                let product = zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
                // The entries are rounded to single precision.
                #expect(abs(product - (i == j ? 4 : 0)) < 1e-5, "\(shape): \(i), \(j)")
            }
        }
    }

    @Test func `constants, zeros and ones`() {
        #expect(drawn(.constant(0.25), [3]) == [0.25, 0.25, 0.25])
        #expect(drawn(.zeros, [2]) == [0, 0])
        #expect(drawn(.ones, [1, 2]) == [1, 1])
    }

    @Test func `fans of a vector stop the program and name its shape`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Fans([3])
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("fans: takes [out, in, …], given was [3]"))
    }
}
