import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// The cross entropy of pixels against PyTorch (`Tests/Oracles/pixel_losses.py`).
struct PixelLossTests {
    struct Attributes: Decodable {
        let labels: FixtureIndices
        let smoothing: Double
        let reduction: String
        let ignoredLabel: Int?
    }

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        let cases = try fixture("pixel_losses", as: OperationCases<Attributes>.self).cases
        #expect(cases.count == 10)
        try OperationCheck(cases) { example, x in
            let a = example.attributes
            return OperationAnswer(
                pixelCrossEntropy(
                    x[0], labels: a.labels.indices, classWeights: example.constantTensors.first,
                    ignoredLabel: a.ignoredLabel ?? -100, smoothing: a.smoothing,
                    reduction: try #require(Reduction(rawValue: a.reduction))))
        }.run()
    }

    private static let mistakes: [(logits: [Int], labels: [Int], text: String)] = [
        ([2, 3], [2], "cross entropy of pixels: takes [N, C, …], given was [2, 3]"),
        ([2, 3, 4, 4], [2, 4, 5], "cross entropy of pixels: shapes [2, 3, 4, 4] and [2, 4, 5] do not fit"),
    ]

    @Test(arguments: mistakes.indices) func `shapes that do not fit stop the program`(
        index: Int
    ) async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            let (logits, labels, _) = PixelLossTests.mistakes[index]
            _ = pixelCrossEntropy(
                Pass(.training).input(.zeros(logits)), labels: .zeros(labels, dtype: .int64))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains(Self.mistakes[index].text), "\(text)")
    }
}
