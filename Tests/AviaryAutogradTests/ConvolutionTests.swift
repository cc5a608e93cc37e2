import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Convolution in all its geometry against PyTorch (`Tests/Oracles/convolution.py`).
struct ConvolutionTests {
    struct Attributes: Decodable {
        let stride, padding, dilation: [Int]
        let groups: Int

        var geometry: ConvolutionGeometry {
            ConvolutionGeometry(
                stride: .init(height: stride[0], width: stride[1]),
                padding: .init(top: padding[0], bottom: padding[1], left: padding[2], right: padding[3]),
                dilation: .init(height: dilation[0], width: dilation[1]), groups: groups)
        }
    }

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        let cases = try fixture("convolution", as: OperationCases<Attributes>.self).cases
        #expect(cases.count == 29)
        try OperationCheck(cases) { example, x in
            OperationAnswer(
                convolution(
                    x[0], weight: x[1], bias: x.count > 2 ? x[2] : nil, geometry: example.attributes.geometry)
            )
        }.run()
    }
}

/// What is particular: the short form, views, numbers of two bytes, and the messages of mistakes.
struct ConvolutionParticularsTests {
    private func numbers(_ shape: [Int]) -> Tensor {
        Tensor((0..<shape.reduce(1, *)).map { Float($0 * 37 % 101) / 50 - 1 }, shape: shape)
    }

    @Test func `one number stands for both axes and all sides`() {
        let pass = Pass(.evaluation)
        let (x, weight) = (pass.input(numbers([1, 4, 7, 6])), pass.input(numbers([6, 2, 3, 3])))
        let short = convolution(x, weight: weight, stride: 2, padding: 3, dilation: 2, groups: 2)
        let geometry = ConvolutionGeometry(
            stride: .init(height: 2, width: 2), padding: .init(top: 3, bottom: 3, left: 3, right: 3),
            dilation: .init(height: 2, width: 2), groups: 2)
        #expect(ConvolutionGeometry(stride: 2, padding: 3, dilation: 2, groups: 2) == geometry)
        let long = convolution(x, weight: weight, geometry: geometry)
        #expect(short.shape == [1, 6, 5, 4])
        #expect(short.tensor.doubles == long.tensor.doubles)
    }

    @Test func `views are convolved as what they show`() {
        let pass = Pass(.evaluation)
        let (x, weight) = (numbers([2, 4, 5, 3]), numbers([3, 3, 3, 2]))
        let image = pass.input(x).permuted([0, 3, 1, 2])
        let kernel = pass.input(weight).permuted([3, 2, 0, 1])
        let seen = convolution(image, weight: kernel, padding: 1)
        let copied = convolution(
            pass.input(Tensor(image.tensor.values(as: Float.self), shape: [2, 3, 4, 5])),
            weight: pass.input(Tensor(kernel.tensor.values(as: Float.self), shape: [2, 3, 3, 3])), padding: 1)
        #expect(seen.shape == [2, 2, 4, 5])
        #expect(seen.tensor.doubles == copied.tensor.doubles)
    }

    @Test func `numbers of two bytes are convolved in f32 and rounded once`() throws {
        let pass = Pass(.training)
        let stored = [[1, 4, 5, 4], [4, 2, 3, 3], [4]].map { numbers($0).cast(to: .bf16) }
        let narrow = stored.map { pass.input($0, needsGradient: true) }
        let wide = stored.map { pass.input($0.cast(to: .f32)) }
        let output = convolution(narrow[0], weight: narrow[1], bias: narrow[2], padding: 1, groups: 2)
        let exact = convolution(wide[0], weight: wide[1], bias: wide[2], padding: 1, groups: 2)
        #expect(output.tensor.dtype == .bf16)
        #expect(output.tensor.cast(to: .f32).doubles == exact.tensor.cast(to: .bf16).cast(to: .f32).doubles)
        let gradients = output.backward(from: numbers(output.shape).cast(to: .bf16))
        for input in narrow { #expect(try #require(gradients[input]).dtype == .bf16) }
    }

    private static let mistakes:
        [(x: [Int], weight: [Int], bias: Int?, geometry: ConvolutionGeometry, text: String)] =
            [
                (
                    [1, 4, 5, 5], [3, 1, 3, 3], nil, ConvolutionGeometry(groups: 3),
                    "convolution: takes channels that 3 groups divide, given was [1, 4, 5, 5]"
                ),
                (
                    [1, 4, 5, 5], [3, 2, 3, 3], nil, ConvolutionGeometry(groups: 2),
                    "convolution: takes weights whose outputs 2 groups divide, given was [3, 2, 3, 3]"
                ),
                (
                    [1, 4, 5, 5], [4, 4, 3, 3], nil, ConvolutionGeometry(groups: 2),
                    "convolution (stride 1 x 1, padding 0 0 0 0, dilation 1 x 1, groups 2): "
                        + "shapes [1, 4, 5, 5] and [4, 4, 3, 3] do not fit"
                ),
                (
                    [1, 2, 4, 9], [4, 2, 3, 3], nil,
                    ConvolutionGeometry(
                        stride: .init(height: 1, width: 2),
                        padding: .init(top: 0, bottom: 0, left: 2, right: 0),
                        dilation: 2),
                    "convolution (stride 1 x 2, padding 0 0 2 0, dilation 2 x 2, groups 1): "
                        + "shapes [1, 2, 4, 9] and [4, 2, 3, 3] do not fit"
                ),
                (
                    [1, 4, 5, 5], [4, 4, 3, 3], nil, ConvolutionGeometry(stride: 0),
                    "no stride, dilation or groups below 1, no padding below 0; given was stride 0 x 0"
                ),
                (
                    [1, 4, 5, 5], [4, 4, 3, 3], 5, ConvolutionGeometry(),
                    "convolution with a bias: shapes [4, 4, 3, 3] and [5] do not fit"
                ),
                (
                    [4, 5, 5], [4, 4, 3, 3], nil, ConvolutionGeometry(),
                    "convolution: shapes [4, 5, 5] and [4, 4, 3, 3] do not fit"
                ),
            ]

    @Test(arguments: mistakes.indices)
    func `what does not fit stops the program and says why`(index: Int) async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            let (x, weight, bias, geometry, _) = ConvolutionParticularsTests.mistakes[index]
            let pass = Pass(.training)
            _ = convolution(
                pass.input(.zeros(x)), weight: pass.input(.zeros(weight)),
                bias: bias.map { pass.input(.zeros([$0])) }, geometry: geometry)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains(Self.mistakes[index].text), "\(text)")
    }

    @Test func `integers stop the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            _ = convolution(
                pass.input(.zeros([1, 1, 3, 3], dtype: .int64)), weight: pass.input(.zeros([1, 1, 1, 1])))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("convolution: takes f32, f64, bf16, f16, given was int64"))
    }
}
