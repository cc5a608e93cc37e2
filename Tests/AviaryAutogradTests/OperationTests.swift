import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Every operation against PyTorch (`Tests/Oracles/operations.py`): shape, dtype, values and gradients.
struct OperationTests {
    struct Case: Decodable, CustomTestStringConvertible {
        struct Attributes: Decodable {
            var exponent, stride, padding, kernel, outputChannels: Int?
            var epsilon, labelSmoothing: Double?
            var labels: [Int64]?
            var shape, axes: [Int]?
            var keepsAxes: Bool?
        }
        let name, operation: String
        let attributes: Attributes
        let inputs: [FixtureTensor]
        let output, upstream: FixtureTensor
        let gradients: [FixtureTensor?]
        let runningMean, runningVariance: FixtureTensor?
        var testDescription: String { name }
    }

    private struct Fixture: Decodable { let cases: [Case] }

    @Test func `equals PyTorch in shape, dtype, values and gradients`() throws {
        let cases = try fixture("operations", as: Fixture.self).cases
        #expect(cases.count > 100)
        for example in cases { check(example, channelBlocked: false) }
        // The same images with their channels in blocks, as they are inside a network.
        for example in cases where example.inputs[0].shape.count == 4 && example.inputs[0].dtype == "f32" {
            check(example, channelBlocked: true)
        }
    }

    private func check(_ example: Case, channelBlocked: Bool) {
        let isDouble = example.inputs[0].dtype == "f64"
        // f32: sums of up to 300 products, each rounded to 6e-8 of its size. f64: far below anything visible.
        let tolerance = isDouble ? 1e-12 : 1e-5
        let pass = Pass(.training)
        let inputs = zip(example.inputs, example.gradients).enumerated().map { index, pair in
            let tensor = pair.0.tensor
            let isImage = index == 0 && channelBlocked
            return pass.input(isImage ? tensor.channelBlocked : tensor, needsGradient: pair.1 != nil)
        }
        let output = apply(example, inputs)
        let name = example.name + (channelBlocked ? ", blocked" : "")
        example.output.isClose(to: output.tensor, within: tolerance, name)
        let gradients = output.backward(from: example.upstream.tensor)
        for (index, (input, expected)) in zip(inputs, example.gradients).enumerated() {
            guard let expected else { continue }
            guard let gradient = gradients[input] else {
                Issue.record("\(name): no gradient by input \(index)")
                continue
            }
            expected.isClose(to: gradient, within: tolerance, "\(name), gradient \(index)")
        }
    }

    private func apply(_ example: Case, _ x: [Variable]) -> Variable {
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
        case "globalAveragePool": return globalAveragePool(x[0])
        case "softmaxCrossEntropy":
            let labels = a.labels ?? []
            return softmaxCrossEntropy(
                x[0], labels: Tensor(labels, shape: [labels.count]), smoothing: a.labelSmoothing ?? 0)
        case "softmax": return softmax(x[0])
        case "logSoftmax": return logSoftmax(x[0])
        case "reshape": return x[0].reshaped(a.shape ?? [])
        case "transpose": return x[0].permuted(a.axes ?? [])
        case "sum": return x[0].sum(over: a.axes ?? [], keepsAxes: a.keepsAxes ?? false)
        case "mean": return x[0].mean(over: a.axes ?? [], keepsAxes: a.keepsAxes ?? false)
        case "identityPadShortcut":
            return identityPad(x[0], channels: a.outputChannels ?? 0, stride: a.stride ?? 1)
        default:
            Issue.record("no operation is named \(example.operation)")
            return x[0]
        }
    }

    private func normalise(_ example: Case, _ x: [Variable]) -> Variable {
        var running: ChannelStatistics?
        if example.operation == "batchNormEvaluation", let mean = example.runningMean,
            let variance = example.runningVariance
        {
            running = ChannelStatistics(mean: mean.tensor, variance: variance.tensor)
        }
        return batchNorm(
            x[0], scale: x[1], shift: x[2], epsilon: example.attributes.epsilon ?? 0,
            runningStatistics: running)
    }
}
