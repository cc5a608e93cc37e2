import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

struct DropoutTests {
    private struct Settings: Decodable { let probability: Double }

    /// The oracle is the mask that ones show: dropout of anything else is the product with it.
    @Test(arguments: [DType.f32, .f64])
    func `is the product with its mask, in every layout, kind and order`(kind: DType) throws {
        let cases = [[5, 7], [2, 3, 4, 5], [1], [0, 3], []].flatMap { shape in
            [0.0, 0.4, 1].map { maskCase(shape, probability: $0, kind) }
        }
        try OperationCheck(cases) {
            OperationAnswer(dropout($1[0], probability: $0.attributes.probability))
        }.run()
    }

    private func maskCase(_ shape: [Int], probability: Double, _ kind: DType) -> OperationCase<Settings> {
        func numbers(_ slope: Double) -> Tensor {
            let values = (0..<shape.product).map { 0.5 + slope * Double($0 % 11) }
            return Tensor(values, shape: shape).cast(to: kind)
        }
        let (x, upstream) = (numbers(0.25), numbers(-0.125))
        let one = Tensor(repeating: 1.0, shape: shape).cast(to: kind)
        let mask = dropout(Pass(.training).input(one), probability: probability).tensor
        return OperationCase(
            name: "dropout of \(shape) with \(probability)", attributes: Settings(probability: probability),
            inputs: [x], output: x.multiplying(mask), upstream: upstream,
            gradients: [upstream.multiplying(mask)], bearsLowPrecision: kind == .f32)
    }

    private func ones(_ shape: [Int]) -> Tensor { Tensor(repeating: 1 as Float, shape: shape) }

    private func dropped(_ pass: Pass, _ probability: Double, count: Int = 1000) -> [Float] {
        dropout(pass.input(ones([count])), probability: probability).tensor.values(as: Float.self)
    }

    /// Of 40,000 draws the share of zeros has a deviation of 0.0025 at most; 0.0125 is five of them.
    @Test(arguments: [0.1, 0.5, 0.8])
    func `drops its share and scales the rest to the same mean`(probability: Double) {
        let values = dropped(Pass(.training, seed: 3), probability, count: 40_000)
        let zeros = values.filter { $0 == 0 }.count
        #expect(abs(Double(zeros) / 40_000 - probability) < 0.0125)
        #expect(values.allSatisfy { $0 == 0 || $0 == Float(1 / (1 - probability)) })
        // Neighbours are dropped independently: both of a pair with the square of the probability.
        let pairs = stride(from: 0, to: 40_000, by: 2).filter { values[$0] == 0 && values[$0 + 1] == 0 }
        #expect(abs(Double(pairs.count) / 20_000 - probability * probability) < 0.02)
    }

    @Test func `is the identity in evaluation and at probability 0`() {
        let values = Tensor([1.5, -2, 0.25] as [Float], shape: [3])
        let evaluation = Pass(.evaluation)
        #expect(dropout(evaluation.input(values), probability: 0.9).tensor.doubles == values.doubles)
        let training = Pass(.training)
        #expect(dropout(training.input(values), probability: 0).tensor.doubles == values.doubles)
    }

    @Test func `at probability 1 nothing is left`() {
        #expect(dropped(Pass(.training), 1).allSatisfy { $0 == 0 })
    }

    @Test func `the gradient is the mask`() {
        let pass = Pass(.training, seed: 5)
        let x = pass.input(Tensor(repeating: 3.0, shape: [7, 11]), needsGradient: true)
        let y = dropout(x, probability: 0.4)
        let gradients = y.backward(from: Tensor(repeating: 2.0, shape: [7, 11]))
        let mask: [Double] = y.tensor.doubles.map { $0 == 0 ? 0 : 1 / 0.6 }
        #expect(mask.contains(0) && mask.contains(1 / 0.6))
        expectClose(gradients[x]?.doubles ?? [], mask.map { 2 * $0 }, within: 1e-15, "gradient of dropout")
    }

    @Test func `the same seed and step give the same mask, others another`() {
        let mask = dropped(Pass(.training, seed: 1, step: 4), 0.5)
        #expect(dropped(Pass(.training, seed: 1, step: 4), 0.5) == mask)
        #expect(dropped(Pass(.training, seed: 2, step: 4), 0.5) != mask)
        #expect(dropped(Pass(.training, seed: 1, step: 5), 0.5) != mask)
        let pass = Pass(.training, seed: 1, step: 4)
        #expect(dropped(pass, 0.5) == mask)
        #expect(dropped(pass, 0.5) != mask, "the second layer of a pass draws another mask")
    }

    @Test func `layout and kind of the input do not change the mask`() {
        let shape = [2, 3, 4, 5]
        func mask(_ tensor: Tensor) -> [Bool] {
            dropout(Pass(.training, seed: 8).input(tensor), probability: 0.5).tensor.doubles.map { $0 == 0 }
        }
        let plain = mask(ones(shape))
        #expect(mask(ones(shape).channelBlocked) == plain)
        #expect(mask(Tensor(repeating: 1.0, shape: shape)) == plain)
    }

    @Test func `a probability above 1 stops the program and is named`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = dropout(Pass(.training).input(.zeros([2])), probability: 1.5)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("dropout: takes a probability of 0 to 1, given was 1.5"))
    }
}
