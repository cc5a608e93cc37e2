import AviaryAutograd
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import Testing

/// Clipping by value against PyTorch (`Tests/Oracles/optimizers.py`); `OptimizerTests` has clipping by norm.
struct GradientClippingTests {
    private struct Fixture: Decodable {
        struct Limit: Decodable {
            let name: String
            let maximum: Double
            let gradients, clipped: [FixtureTensor]
        }
        let limits: [Limit]
    }

    @Test func `clipping by value gives PyTorch's gradients`() throws {
        let limits = try fixture("adaptive", as: Fixture.self).limits
        #expect(!limits.isEmpty)
        for expected in limits {
            let tensors = expected.gradients.map(\.tensor)
            let parameters = tensors.map { Parameter(Tensor.zeros($0.shape, dtype: $0.dtype)) }
            let gradients = givenGradients(parameters, tensors)
            let clipped = clippedByValue(gradients, of: parameters, maximum: expected.maximum)
            for (index, parameter) in parameters.enumerated() {
                let found = try #require(clipped[parameter])
                // Nothing is computed: the limit itself is rounded once.
                expected.clipped[index].isClose(to: found, within: 6e-8, expected.name)
                let given = try #require(gradients[parameter])
                #expect(given.doubles == tensors[index].doubles, "\(expected.name): changed its input")
            }
        }
    }

    @Test func `a parameter without a gradient stays without one, an input's is left behind`() {
        let (used, unused) = (Parameter(Tensor([2.0], shape: [1])), Parameter(Tensor([1.0], shape: [1])))
        let pass = Pass(.training)
        let lifted = pass.use(used)
        let clipped = clippedByValue((lifted * lifted).sum.backward(), of: [unused, used], maximum: 1)
        #expect(clipped[unused] == nil)
        #expect(clipped[used]?.doubles == [1])
        #expect(clipped[lifted] == nil)
    }

    /// As PyTorch: NaN spreads over all gradients, of infinite ones only they themselves are lost.
    @Test(arguments: [
        (lost: Float.nan, rest: [Double.nan, Double.nan]), (lost: Float.infinity, rest: [1.0, 1.0]),
    ])
    func `a step on clipped gradients that are no numbers is lost, and seen to be`(
        lost: Float, rest: [Double]
    ) throws {
        let parameters = [3, 2].map { Parameter(Tensor(repeating: 1 as Float, shape: [$0])) }
        let gradients = givenGradients(
            parameters, [Tensor([0.5, lost, 2], shape: [3]), Tensor([1, -1] as [Float], shape: [2])])
        let factor = clippingFactor(gradients, of: parameters, maximumNorm: 1)
        SGD(parameters).step(gradients, rate: 0.1, gradientScale: factor)
        expectClose(
            parameters.flatMap { $0.value.doubles }, [rest[0], .nan, rest[0]] + rest, within: 0, "\(lost)")
    }

    @Test func `rows of a table are clipped as the whole gradient is, and stay rows`() throws {
        let table = Parameter(Tensor.zeros([5, 2], dtype: .f64))
        let upstream = Tensor([3, -4, 0, 12, 1, 0.5], shape: [3, 2])
        func gradients(isSparse: Bool) -> Gradients {
            rowGradients(table, [4, 0, 4], upstream, isSparse: isSparse)
        }
        let (rows, whole) = (gradients(isSparse: true), gradients(isSparse: false))
        #expect(gradientNorm(rows, of: [table]) == gradientNorm(whole, of: [table]))
        #expect(
            clippingFactor(rows, of: [table], maximumNorm: 2)
                == clippingFactor(whole, of: [table], maximumNorm: 2))
        let clipped = clippedByValue(rows, of: [table], maximum: 3.5)
        guard case .rows(let found) = clipped.gradient(by: table) else {
            Issue.record("clipping by value made a whole table")
            return
        }
        #expect(found.rows == [0, 4])
        #expect(found.values.doubles == [0, 3.5, 3.5, -3.5])
        #expect(clipped[table]?.doubles == clippedByValue(whole, of: [table], maximum: 3.5)[table]?.doubles)
    }
}
