import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// What a pass's policy does to the kinds of operands, results and gradients.
struct AutocastTests {
    private let weights = Tensor([0.1, -0.7, 1.3, 0.333, 2.01, -1.07] as [Float], shape: [2, 3])
    private let rows = Tensor([1.001, 2.003, -0.507, 0.25, -3.3, 0.0101] as [Float], shape: [2, 3])

    @Test(arguments: [DType.bf16, .f16])
    func `products are lowered, and master weights get gradients in f32`(kind: DType) throws {
        let pass = Pass(.training, autocast: .standard(kind))
        let weight = Parameter(weights)
        let output = linear(pass.input(rows), weight: pass.use(weight), bias: nil)
        #expect(output.tensor.dtype == kind)
        // Computed in f32 from rounded operands, and rounded once.
        let exact = rows.rounded(to: kind).product(weights.rounded(to: kind), isRightTransposed: true)
        #expect(output.tensor.cast(to: .f32).doubles == exact.rounded(to: kind).doubles)
        let gradient = try #require(output.sum.backward()[weight])
        #expect(gradient.dtype == .f32)
        let ones = Tensor(repeating: 1 as Float, shape: [2, 2])
        #expect(gradient.doubles == ones.product(rows.rounded(to: kind), isLeftTransposed: true).doubles)
    }

    /// One and a little: a sum that two bytes cannot hold.
    @Test(arguments: [DType.bf16, .f16])
    func `a bias that a policy lowers gets the sum of its gradients in f32, unrounded`(kind: DType) throws {
        let pass = Pass(.training, autocast: .standard(kind))
        let bias = Parameter(Tensor([0.1, -0.2] as [Float], shape: [2]))
        let output = linear(pass.input(rows), weight: pass.input(weights), bias: pass.use(bias))
        let little = 0x1p-12
        let upstream = Tensor([1, -2, little, little], shape: [2, 2]).cast(to: kind)
        let gradient = try #require(output.backward(from: upstream)[bias])
        #expect(gradient.dtype == .f32)
        #expect(gradient.doubles == [1 + little, -2 + little])
    }

    @Test(arguments: [DType.bf16, .f16])
    func `operands of a product that a policy lowers get gradients in f32, unrounded`(kind: DType) throws {
        let pass = Pass(.training, autocast: .standard(kind))
        let (left, right) = (Parameter(rows), Parameter(weights.reshaped([3, 2])))
        let output = pass.use(left).product(pass.use(right))  // [2, 2]
        #expect(output.tensor.dtype == kind)
        let upstream = Tensor([1, -0.5, 0.75, 0x1p-7] as [Float], shape: [2, 2])
        let gradients = output.backward(from: upstream.cast(to: kind))
        let (a, b) = (rows.rounded(to: kind), weights.reshaped([3, 2]).rounded(to: kind))
        // Two products of numbers of two bytes each: f32 holds them exactly, and rounds their sum once.
        let expected = [
            upstream.product(b, isRightTransposed: true), a.product(upstream, isLeftTransposed: true),
        ]
        for (parameter, expected) in zip([left, right], expected) {
            let gradient = try #require(gradients[parameter])
            #expect(gradient.dtype == .f32)
            #expect(gradient.doubles == expected.doubles)
            #expect(gradient.doubles != expected.rounded(to: kind).doubles, "two bytes would hold it")
        }
    }

    @Test func `an operand of two bytes that nobody lowered gets its gradient in its own kind`() throws {
        let pass = Pass(.training)
        let x = pass.input(rows.cast(to: .bf16), needsGradient: true)
        let y = pass.input(weights.reshaped([3, 2]).cast(to: .bf16), needsGradient: true)
        let gradients = x.product(y).backward(from: .filled([2, 2], with: 1, dtype: .bf16))
        #expect(gradients[x]?.dtype == .bf16 && gradients[y]?.dtype == .bf16)
    }

    @Test func `what loses digits is raised`() {
        let pass = Pass(.training, autocast: .standard(.bf16))
        let x = pass.input(rows.cast(to: .bf16), needsGradient: true)
        for result in [softmax(x), logSoftmax(x), x.exponential, x.sum, x.mean] {
            #expect(result.tensor.dtype == .f32)
        }
        let loss = softmaxCrossEntropy(x, labels: Tensor([0, 2] as [Int64], shape: [2]))
        #expect(loss.tensor.dtype == .f32)
        #expect(loss.backward()[x]?.dtype == .bf16)
    }

    @Test func `what is in neither list takes operands as they come`() {
        let pass = Pass(.training, autocast: .standard(.bf16))
        let (wide, narrow) = (pass.input(rows), pass.input(rows.cast(to: .bf16)))
        #expect((wide + wide).tensor.dtype == .f32)
        #expect((narrow + narrow).tensor.dtype == .bf16)
        #expect((narrow + wide).tensor.dtype == .f32)
        #expect(relu(narrow).tensor.dtype == .bf16)
        #expect((narrow * 0.1).tensor.dtype == .bf16)
    }

    @Test(arguments: [DType.bf16, .f16])
    func `kinds that autocast parts are joined in the wider one`(kind: DType) throws {
        let pass = Pass(.training, autocast: .standard(kind))
        let wide = pass.input(rows, needsGradient: true)
        let narrow = pass.input(weights.cast(to: kind), needsGradient: true)
        let joined = concatenate([wide, narrow], axis: 0)  // [4, 3]
        let rounded = weights.rounded(to: kind).doubles
        #expect(joined.tensor.dtype == .f32 && joined.shape == [4, 3])
        #expect(joined.tensor.doubles == rows.doubles + rounded)
        let stacked = stack([narrow, wide])  // [2, 2, 3]
        #expect(stacked.tensor.dtype == .f32 && stacked.shape == [2, 2, 3])
        #expect(stacked.tensor.doubles == rounded + rows.doubles)
        #expect(concatenate([narrow, narrow], axis: 1).tensor.dtype == kind)

        let gradients = (joined * 3).sum.backward()
        for (input, own) in [(wide, DType.f32), (narrow, kind)] {
            let gradient = try #require(gradients[input])
            #expect(gradient.dtype == own)
            #expect(gradient.doubles == [Double](repeating: 3, count: 6))
        }
    }

    @Test func `whole numbers and reals are not joined`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            _ = concatenate([pass.input(.zeros([2])), pass.input(.zeros([2], dtype: .int64))], axis: 0)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("concatenate with f32: takes f32, given was int64"))
    }

    @Test func `a norm keeps its input's kind`() {
        let pass = Pass(.training)
        let (x, scale) = (pass.input(rows.cast(to: .f16)), pass.input(Tensor.zeros([3])))
        #expect(layerNorm(x, weight: scale, bias: scale).tensor.dtype == .f16)
    }

    @Test func `a layer norm keeps its input's kind under a policy, and a residual stream its own`() throws {
        let pass = Pass(.training, autocast: .standard(.bf16))
        let (wide, narrow) = (
            pass.input(rows, needsGradient: true), pass.input(weights.cast(to: .bf16), needsGradient: true)
        )
        let scale = pass.input(Tensor([1, 2, 0.5] as [Float], shape: [3]), needsGradient: true)
        #expect(layerNorm(narrow, weight: scale).tensor.dtype == .bf16)
        #expect(residualLayerNorm(narrow, residual: narrow, weight: scale).tensor.dtype == .bf16)
        let stream = residualLayerNorm(narrow, residual: wide, weight: scale)
        #expect(stream.tensor.dtype == .f32)
        let gradients = (stream * stream).sum.backward()
        #expect(gradients[wide]?.dtype == .f32 && gradients[scale]?.dtype == .f32)
        #expect(gradients[narrow]?.dtype == .bf16)
        // The same number for both, but that one of them is rounded.
        let exact = try #require(gradients[wide])
        #expect(exact.doubles.contains { $0 != 0 })
        #expect(gradients[narrow]?.doubles == exact.cast(to: .bf16).doubles)
    }

    @Test func `a number beside two bytes is not rounded to them`() {
        let pass = Pass(.evaluation)
        let x = pass.input(Tensor([3.0 as Float], shape: [1]).cast(to: .bf16))
        // 0.1 in bf16 is 0.10009765625: three of it would round to 0.30078125.
        #expect((x * 0.1).tensor.scalar == Double(BFloat16(3 * Float(0.1)).float))
        #expect((x + 0.01).tensor.scalar == Double(BFloat16(3 + Float(0.01)).float))
    }

    @Test func `no policy holds inside an operation, nor in what is asked to be without`() {
        let pass = Pass(.training, autocast: .standard(.bf16))
        let x = pass.input(rows)
        // One that is lowered, one that is raised, one that is in neither list.
        for name in ["linear", "softmax", "an operation of one's own"] {
            var seen: [Autocast?] = []
            _ = pass.arithmetic(name, on: [x]) { inputs in
                seen.append(pass.autocast)
                let squares = inputs[0].product(inputs[0].permuted([1, 0]))
                #expect(squares.tensor.dtype == .f32, "\(name)")
                return squares
            }
            #expect(seen == [nil], "\(name)")
        }
        #expect(pass.withoutAutocast { x.product(x.permuted([1, 0])) }.tensor.dtype == .f32)
        #expect(x.product(x.permuted([1, 0])).tensor.dtype == .bf16)
        #expect(pass.autocast == .standard(.bf16))
    }

    @Test func `what is scattered may be of another kind`() {
        let pass = Pass(.training)
        let (target, source) = (pass.input(rows), pass.input(rows.cast(to: .bf16)))
        let indices = Tensor([Int64](repeating: 1, count: 6), shape: [2, 3])
        let sum = target.scatterAdd(axis: 1, indices: indices, source: source)
        #expect(sum.tensor.dtype == .f32)
    }

    @Test func `double precision is left alone`() {
        let pass = Pass(.training, autocast: .standard(.f16))
        let x = pass.input(rows.cast(to: .f64))
        #expect(x.product(x.permuted([1, 0])).tensor.dtype == .f64)
    }

    @Test func `a cast gives its gradient back in the input's kind`() throws {
        let pass = Pass(.training)
        let x = pass.input(rows, needsGradient: true)
        let y = (x.cast(to: .bf16) * 3).cast(to: .f32)
        let gradient = try #require(y.sum.backward()[x])
        #expect(gradient.dtype == .f32)
        #expect(gradient.doubles == [Double](repeating: 3, count: 6))
    }
}
