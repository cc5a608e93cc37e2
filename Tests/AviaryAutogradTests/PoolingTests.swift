import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Pooling by windows, bins and whole planes against PyTorch (`Tests/Oracles/pooling.py`).
struct PoolingTests {
    struct Attributes: Decodable {
        struct Window: Decodable {
            /// Extent, stride, padding and dilation.
            let rows, columns: [Int]
            let roundsUp: Bool

            var window: PoolingWindow {
                func axis(_ n: [Int]) -> PoolingWindow.Axis {
                    PoolingWindow.Axis(n[0], stride: n[1], padding: n[2], dilation: n[3])
                }
                return PoolingWindow(rows: axis(rows), columns: axis(columns), roundsUp: roundsUp)
            }
        }
        var window: Window?
        var size: [Int]?
        var countsPadding: Bool?
    }

    typealias Case = OperationCase<Attributes>

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        let cases = try fixture("pooling", as: OperationCases<Attributes>.self).cases
        #expect(cases.count > 50)
        try OperationCheck(cases) { OperationAnswer(try apply($0, $1[0])) }.run()
    }

    private func apply(_ example: Case, _ x: Variable) throws -> Variable {
        let a = example.attributes
        switch example.operation {
        case "maxPool": return maxPool(x, over: try #require(a.window).window)
        case "averagePool":
            let countsPadding = a.countsPadding == true
            return averagePool(x, over: try #require(a.window).window, countsPadding: countsPadding)
        case "adaptiveAveragePool":
            let size = try #require(a.size)
            return adaptiveAveragePool(x, height: size[0], width: size[1])
        case "adaptiveMaxPool":
            let size = try #require(a.size)
            return adaptiveMaxPool(x, height: size[0], width: size[1])
        case "globalAveragePool": return globalAveragePool(x)
        case "globalMaxPool": return globalMaxPool(x)
        default: throw UnknownOperation(example.operation)
        }
    }

    @Test func `the first of equals gets the gradient, NaN wins`() {
        let pass = Pass(.training)
        let x = pass.input(
            Tensor([1, 2, 2, 2, 3, .nan, .nan, 0] as [Double], shape: [1, 2, 2, 2]), needsGradient: true)
        let y = globalMaxPool(x)
        #expect(y.tensor.values(as: Double.self)[0] == 2)
        #expect(y.tensor.values(as: Double.self)[1].isNaN)
        let gradient = y.backward(from: Tensor([5.0, 7.0], shape: [1, 2]))[x]?.values(as: Double.self)
        #expect(gradient == [0, 5, 0, 0, 0, 0, 7, 0])
    }

    @Test func `bins of a whole plane are the global mean`() {
        let x = Pass(.evaluation).input(Tensor((0..<24).map { Double($0 * $0) }, shape: [2, 2, 2, 3]))
        let bins = adaptiveAveragePool(x, height: 1, width: 1).tensor
        #expect(bins.values(as: Double.self) == globalAveragePool(x).tensor.values(as: Double.self))
    }

    @Test func `a window larger than the image stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = maxPool(Pass(.training).input(.zeros([1, 2, 3, 3])), window: 5)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(
            text.contains(
                "max pooling: takes images that hold windows of 5 (stride 5, padding 0 of at most half"))
        #expect(text.contains("given was [1, 2, 3, 3]"))
    }

    @Test func `padding of more than half a window stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = averagePool(Pass(.training).input(.zeros([1, 2, 3, 3])), window: 2, padding: 2)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(
            text.contains(
                "average pooling: takes images that hold windows of 2 (stride 2, padding 2 of at most half"))
    }

    @Test func `no bins stop the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = adaptiveAveragePool(Pass(.training).input(.zeros([1, 2, 3, 3])), height: 0, width: 2)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("to be pooled to one or more, not 0×2, given was [1, 2, 3, 3]"))
    }

    @Test func `an average of windows with holes stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Pass(.training).input(.zeros([1, 2, 9, 9]))
            _ = averagePool(x, over: PoolingWindow(3, dilation: 2))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("average pooling: takes a window without dilation"))
    }
}
