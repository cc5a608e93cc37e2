import AviaryAutograd
import AviaryTensors
import Testing

/// Every operation's gradient against central differences, in double precision through the plain kernels.
struct GradientCheckTests {
    typealias Function = ([Variable]) -> Variable

    @Test func `gradients equal differences`() {
        let labels = Tensor([2, 0, 1] as [Int64], shape: [3])
        check("add", [[2, 3], [3]]) { $0[0] + $0[1] }
        check("subtract", [[2, 1], [2, 3]]) { $0[0] - $0[1] }
        check("multiply", [[2, 3], [2, 1]]) { $0[0] * $0[1] }
        check("multiply with itself", [[2, 3]]) { $0[0] * $0[0] }
        check("divide", [[2, 3], [3]]) { $0[0] / ($0[1] * $0[1] + 1) }
        check("power", [[4]]) { $0[0].power(3) }
        check("relu", [[5]]) { relu($0[0] + 0.01) }
        check("sigmoid", [[5]]) { sigmoid($0[0]) }
        check("tanh", [[5]]) { $0[0].tanh }
        check("exponential", [[5]]) { $0[0].exponential }
        check("logarithm", [[5]]) { ($0[0] * $0[0] + 0.5).logarithm }
        check("matrix product", [[2, 3], [3, 4]]) { $0[0].product($0[1]) }
        check("linear", [[2, 3], [4, 3], [4]]) { linear($0[0], weight: $0[1], bias: $0[2]) }
        check("convolution", [[2, 2, 5, 4], [3, 2, 3, 3]]) { convolution($0[0], weight: $0[1], padding: 1) }
        check("strided convolution", [[1, 2, 7, 6], [3, 2, 3, 3]]) {
            convolution($0[0], weight: $0[1], stride: 2, padding: 1)
        }
        check("grouped, dilated convolution with a bias", [[1, 4, 5, 6], [2, 2, 3, 2], [2]]) {
            convolution($0[0], weight: $0[1], bias: $0[2], padding: 1, dilation: 2, groups: 2)
        }
        check("depthwise convolution, padded by each side", [[2, 2, 4, 3], [4, 1, 2, 3], [4]]) {
            let geometry = ConvolutionGeometry(
                stride: .init(height: 2, width: 1), padding: .init(top: 0, bottom: 1, left: 2, right: 0),
                groups: 2)
            return convolution($0[0], weight: $0[1], bias: $0[2], geometry: geometry)
        }
        check("batch norm", [[3, 2, 2, 2], [2], [2]]) {
            batchNorm($0[0], scale: $0[1], shift: $0[2], epsilon: 1e-5)
        }
        check("frozen batch norm", [[3, 2, 2, 2], [2], [2]]) {
            let statistics = ChannelStatistics(
                mean: Tensor([0.1, -0.2], shape: [2]), variance: Tensor([0.5, 2.0], shape: [2]))
            return batchNorm($0[0], scale: $0[1], shift: $0[2], epsilon: 1e-5, runningStatistics: statistics)
        }
        check("max pool", [[1, 2, 5, 5]]) { maxPool($0[0], window: 3, stride: 2, padding: 1) }
        check("average pool", [[1, 2, 4, 4]]) { averagePool($0[0], window: 2) }
        check("global average pool", [[2, 3, 3, 2]]) { globalAveragePool($0[0]) }
        checkPoolingAndResizing()
        check("identity pad", [[2, 2, 5, 4]]) { identityPad($0[0], channels: 4, stride: 2) }
        check("softmax", [[3, 4]]) { softmax($0[0]) }
        check("log-softmax", [[3, 4]]) { logSoftmax($0[0]) }
        let (q, k, v) = ([2, 2, 3, 4], [2, 2, 5, 4], [2, 2, 5, 3])
        check("attention", [q, k, v]) { scaledDotProductAttention($0[0], $0[1], $0[2]) }
        check("masked attention with dropout", [q, k, v]) {
            let mask = Tensor([true, true, false, true, true], shape: [5])
            return scaledDotProductAttention(
                $0[0], $0[1], $0[2], mask: mask, isCausal: true, scale: 0.7, dropout: 0.3)
        }
        check("self-attention", [[1, 2, 4, 3]]) { scaledDotProductAttention($0[0], $0[0], $0[0]) }
        check("cross entropy", [[3, 4]]) { softmaxCrossEntropy($0[0], labels: labels, smoothing: 0.1) }
        check("reshape", [[2, 3]]) { $0[0].reshaped([3, 2]) }
        check("permute", [[2, 3, 4]]) { $0[0].permuted([2, 0, 1]) }
        check("sum", [[2, 3, 4]]) { $0[0].sum(over: [0, 2]) }
        check("mean", [[2, 3]]) { $0[0].mean }
    }

    private func checkPoolingAndResizing() {
        let uneven = PoolingWindow(
            rows: .init(3, stride: 2, padding: 1), columns: .init(2, stride: 3), roundsUp: true)
        check("max pool by uneven windows", [[1, 2, 6, 5]]) { maxPool($0[0], over: uneven) }
        check("max pool with holes", [[1, 1, 7, 6]]) { maxPool($0[0], over: PoolingWindow(2, dilation: 3)) }
        check("average pool by uneven windows", [[1, 2, 6, 5]]) { averagePool($0[0], over: uneven) }
        check("average pool without padding's zeros", [[1, 2, 6, 5]]) {
            averagePool($0[0], over: uneven, countsPadding: false)
        }
        check("adaptive average pool", [[1, 2, 5, 3]]) { adaptiveAveragePool($0[0], height: 2, width: 4) }
        check("adaptive max pool", [[1, 2, 5, 3]]) { adaptiveMaxPool($0[0], height: 2, width: 4) }
        check("global max pool", [[2, 3, 3, 2]]) { globalMaxPool($0[0]) }
        for kind in [Interpolation.nearestExact, .bilinear, .bicubic] {
            check("\(kind)", [[1, 2, 5, 3]]) { interpolate($0[0], height: 3, width: 7, by: kind) }
        }
        for kind in [Interpolation.bilinear, .bicubic] {
            check("\(kind), antialiased", [[1, 1, 7, 5]]) {
                interpolate($0[0], height: 3, width: 2, by: kind, antialias: true)
            }
            check("\(kind), corners aligned", [[1, 1, 3, 4]]) {
                interpolate($0[0], height: 5, width: 2, by: kind, alignsCorners: true)
            }
        }
    }

    @Test func `gradients of functions, choices and repetitions equal differences`() {
        check("absolute", [[5]]) { $0[0].absolute }
        check("square root", [[5]]) { ($0[0] * $0[0] + 0.5).squareRoot }
        check("reciprocal square root", [[5]]) { ($0[0] * $0[0] + 0.5).reciprocalSquareRoot }
        check("sine", [[5]]) { $0[0].sine }
        check("cosine", [[5]]) { $0[0].cosine }
        check("clamp", [[9]]) { $0[0].clamped(to: -0.5...0.75) }
        check("maximum", [[2, 3], [3]]) { maximum($0[0], $0[1]) }
        check("minimum", [[2, 1], [2, 3]]) { minimum($0[0], $0[1]) }
        check("tile", [[2, 3]]) { $0[0].tiled([2, 2]) }
        check("repeat", [[2, 3]]) { $0[0].repeated(3, axis: 1) }
        check("roll", [[5, 2]]) { $0[0].rolled(by: -2, axis: 0) }
        check("sort along an axis", [[4, 3]]) { $0[0].sorted(axis: 0).values }
        check("top-k along an axis", [[4, 3]]) { $0[0].topK(2, axis: 0).values }
        let places = Tensor([2, 0, 1, 3] as [Int64], shape: [2, 2])
        check("scatter", [[2, 4], [2, 2]]) { $0[0].scatter(axis: 1, indices: places, source: $0[1]) }
    }

    /// Differences of step 1e-5 err by about 1e-10 of the third derivative; 1e-6 leaves room for rounding.
    private func check(_ name: String, _ shapes: [[Int]], _ function: Function) {
        var random = RandomStream(seed: 7, name: name)
        let inputs = shapes.map { shape in (0..<shape.reduce(1, *)).map { _ in random.normal() } }
        let weights = loss(inputs, shapes, function, nil).weights(&random)
        let pass = Pass(.training)
        let variables = zip(inputs, shapes).map { pass.input(Tensor($0, shape: $1), needsGradient: true) }
        let gradients = function(variables).backward(from: weights)
        for index in inputs.indices {
            guard let analytic = gradients[variables[index]]?.values(as: Double.self) else {
                Issue.record("\(name): no gradient by input \(index)")
                continue
            }
            for element in inputs[index].indices {
                var (up, down) = (inputs, inputs)
                up[index][element] += 1e-5
                down[index][element] -= 1e-5
                let rise =
                    loss(up, shapes, function, weights).value - loss(down, shapes, function, weights).value
                let difference = abs(rise / 2e-5 - analytic[element])
                #expect(
                    difference <= 1e-6 * max(1, abs(analytic[element])), "\(name), input \(index), \(element)"
                )
            }
        }
    }

    private struct Outcome {
        let output: Tensor
        let value: Double

        func weights(_ random: inout RandomStream) -> Tensor {
            Tensor((0..<output.count).map { _ in random.normal() }, shape: output.shape)
        }
    }

    private func loss(
        _ inputs: [[Double]], _ shapes: [[Int]], _ function: Function, _ weights: Tensor?
    ) -> Outcome {
        let pass = Pass(.training, recordsGradients: false)
        let output = function(zip(inputs, shapes).map { pass.input(Tensor($0, shape: $1)) }).tensor
        let weighted = weights.map {
            zip($0.values(as: Double.self), output.values(as: Double.self)).map { $0 * $1 }
        }
        return Outcome(output: output, value: weighted?.reduce(0, +) ?? 0)
    }
}
