import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Every way to resize against PyTorch (`Tests/Oracles/resize.py`): f64 in its plain form, f32 in its fast one.
struct ResizeTests {
    struct Attributes: Decodable {
        let size: [Int]
        let alignsCorners, antialias: Bool
    }

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        let cases = try fixture("resize", as: OperationCases<Attributes>.self).cases
        #expect(cases.count == 70)
        let kinds: [String: Interpolation] = [
            "nearest": .nearest, "nearestExact": .nearestExact, "bilinear": .bilinear, "bicubic": .bicubic,
        ]
        try OperationCheck(cases) { example, x in
            guard let kind = kinds[example.operation] else { throw UnknownOperation(example.operation) }
            let a = example.attributes
            return OperationAnswer(
                interpolate(
                    x[0], height: a.size[0], width: a.size[1], by: kind, alignsCorners: a.alignsCorners,
                    antialias: a.antialias))
        }.run()
    }

    @Test(arguments: Interpolation.allCases)
    func `of no images there are none`(kind: Interpolation) throws {
        for dtype in [DType.f32, .f64] {
            let pass = Pass(.training)
            let x = pass.input(.zeros([0, 2, 3, 4], dtype: dtype), needsGradient: true)
            let y = interpolate(x, height: 5, width: 2, by: kind)
            #expect(y.shape == [0, 2, 5, 2])
            let gradient = try #require(y.backward(from: .zeros([0, 2, 5, 2], dtype: dtype))[x])
            #expect(gradient.shape == [0, 2, 3, 4])
            #expect(gradient.dtype == dtype)
        }
    }

    @Test func `antialiasing changes nothing where an image grows`() {
        let x = Pass(.evaluation).input(Tensor((0..<12).map { Double($0 * $0 % 7) }, shape: [1, 1, 3, 4]))
        let plain = interpolate(x, height: 5, width: 9, by: .bilinear).tensor.doubles
        let smooth = interpolate(x, height: 5, width: 9, by: .bilinear, antialias: true).tensor.doubles
        expectClose(smooth, plain, within: 1e-14, "antialiased")
    }

    /// PyTorch 2.13 gives each row the value of the first here (and to two columns what is expected).
    @Test func `to a single column every row is its own mean`() {
        let rows = (0..<7).flatMap { row in [Double](repeating: Double(row), count: 5) }
        let x = Pass(.evaluation).input(Tensor(rows, shape: [1, 1, 7, 5]))
        let column = interpolate(x, height: 6, width: 1, by: .bilinear, antialias: true).tensor.doubles
        expectClose(column, [0.1875, 1.3125, 2.4375, 3.5625, 4.6875, 5.8125], within: 1e-14, "one column")
    }

    @Test func `aligned corners of the nearest pixel stop the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Pass(.evaluation).input(.zeros([1, 1, 2, 2]))
            _ = interpolate(x, height: 3, width: 3, by: .nearest, alignsCorners: true)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("interpolate: nearest takes neither aligned corners nor antialiasing"))
    }
}
