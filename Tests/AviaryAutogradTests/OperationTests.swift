import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Arithmetic, products, convolution, norms, pooling and shapes (`Tests/Oracles/operations.py`).
struct OperationTests {
    struct Attributes: Decodable {
        var exponent, stride, padding, kernel, outputChannels: Int?
        var epsilon, labelSmoothing: Double?
        var labels: [Int64]?
        var shape, axes: [Int]?
        var keepsAxes: Bool?
    }

    typealias Case = OperationCase<Attributes>

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        for (name, count) in [("arithmetic", 154), ("operations", 60)] {
            let cases = try fixture(name, as: OperationCases<Attributes>.self).cases
            #expect(cases.count == count, "\(name)")
            try OperationCheck(cases) { OperationAnswer(try apply($0, $1)) }.run()
        }
    }

    private func apply(_ example: Case, _ x: [Variable]) throws -> Variable {
        let a = example.attributes
        switch example.operation {
        case "add": return x[0] + x[1]
        case "subtract": return x[0] - x[1]
        case "multiply": return x[0] * x[1]
        case "divide": return x[0] / x[1]
        case "negate": return -x[0]
        case "power": return x[0].power(a.exponent ?? 0)
        case "relu": return relu(x[0])
        case "sigmoid": return sigmoid(x[0])
        case "tanh": return x[0].tanh
        case "exp": return x[0].exponential
        case "log": return x[0].logarithm
        case "matmul": return x[0].product(x[1])
        case "linear": return linear(x[0], weight: x[1], bias: x[2])
        case "conv2d": return convolution(x[0], weight: x[1], stride: a.stride ?? 1, padding: a.padding ?? 0)
        case "batchNormTraining", "batchNormEvaluation": return normalise(example, x)
        case "maxPool2d":
            return maxPool(x[0], window: a.kernel ?? 0, stride: a.stride, padding: a.padding ?? 0)
        case "averagePool2d":
            return averagePool(x[0], window: a.kernel ?? 0, stride: a.stride, padding: a.padding ?? 0)
        case "softmaxCrossEntropy":
            let labels = a.labels ?? []
            return softmaxCrossEntropy(
                x[0], labels: Tensor(labels, shape: [labels.count]).constant, smoothing: a.labelSmoothing ?? 0
            )
        case "reshape": return x[0].reshaped(a.shape ?? [])
        case "transpose": return x[0].permuted(a.axes ?? [])
        case "sum": return x[0].sum(over: a.axes ?? [], keepsAxes: a.keepsAxes ?? false)
        case "mean": return x[0].mean(over: a.axes ?? [], keepsAxes: a.keepsAxes ?? false)
        case "identityPadShortcut":
            return identityPad(x[0], channels: a.outputChannels ?? 0, stride: a.stride ?? 1)
        default: throw UnknownOperation(example.operation)
        }
    }

    private func normalise(_ example: Case, _ x: [Variable]) -> Variable {
        let statistics = example.constantTensors
        let running =
            statistics.isEmpty ? nil : ChannelStatistics(mean: statistics[0], variance: statistics[1])
        return batchNorm(
            x[0], scale: x[1], shift: x[2], epsilon: example.attributes.epsilon ?? 0,
            runningStatistics: running)
    }
}
