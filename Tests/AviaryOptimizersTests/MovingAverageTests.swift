import AviaryAutograd
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import Testing

/// The moving average against PyTorch (`Tests/Oracles/optimizers.py`).
struct MovingAverageTests {
    private struct Fixture: Decodable {
        struct Average: Decodable {
            let name: String
            let decay: Double
            let values, averages: [FixtureTensor]
        }
        let averages: [Average]
    }

    @Test func `averages follow as PyTorch's do, and go on from a kept state`() throws {
        let averages = try fixture("adaptive", as: Fixture.self).averages
        #expect(!averages.isEmpty)
        for expected in averages {
            let parameter = Parameter(Tensor.zeros([3], dtype: expected.values[0].tensor.dtype))
            var average = MovingAverage(of: ["weight": parameter], decay: expected.decay)
            for (value, wanted) in zip(expected.values, expected.averages) {
                parameter.value = value.tensor
                var resumed = MovingAverage(of: ["weight": parameter], decay: expected.decay)
                try resumed.restore(average.state, updateCount: average.updateCount)
                average.update()
                resumed.update()
                let found = try #require(average.state["weight"])
                wanted.isClose(to: found, within: wanted.dtype == "f64" ? 1e-12 : 2e-6, expected.name)
                #expect(resumed.state["weight"]?.doubles == found.doubles, "\(expected.name)")
                #expect(parameter.value.doubles == value.tensor.doubles, "the live weights were touched")
            }
        }
    }

    @Test func `stands in a state dictionary in place of the parameters alone`() {
        let parameter = Parameter(Tensor([1.0], shape: [1]))
        var average = MovingAverage(of: ["weight": parameter, "absent": parameter], decay: 0.5)
        average.update()
        parameter.value = Tensor([3.0], shape: [1])
        average.update()
        let live = ["weight": parameter.value, "running_mean": Tensor([7.0], shape: [1])]
        let loaded = average.replacingParameters(in: live)
        #expect(loaded.mapValues(\.doubles) == ["weight": [2], "running_mean": [7]])
    }

    @Test func `refuses a state of other parameters`() {
        let parameter = Parameter(Tensor([1.0], shape: [1]))
        var average = MovingAverage(of: ["weight": parameter])
        let error = #expect(throws: OptimizerStateError.self) {
            try average.restore(["bias": Tensor([1.0], shape: [1])], updateCount: 3)
        }
        #expect(error?.missing == ["weight"] && error?.unexpected == ["bias"])
        #expect(average.updateCount == 0)
    }
}
