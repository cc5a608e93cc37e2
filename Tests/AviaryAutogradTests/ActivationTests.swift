import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Activations, norms, embedding and losses against PyTorch (`Tests/Oracles/activations_norms_losses.py`).
struct ActivationTests {
    struct Attributes: Decodable {
        var form, reduction, kind: String?
        var negativeSlope, epsilon, beta, alpha, gamma, smoothing, temperature: Double?
        var axis, groups, paddingIndex, ignoredLabel: Int?
        var labels, indices: [Int64]?
        var indexShape: [Int]?
    }

    typealias Case = OperationCase<Attributes>

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        for (name, count) in [("activations", 105), ("norms", 52), ("losses", 195)] {
            let cases = try fixture(name, as: OperationCases<Attributes>.self).cases
            #expect(cases.count == count, "\(name)")
            try OperationCheck(cases) { OperationAnswer(try apply($0, $1)) }.run()
        }
    }

    private func apply(_ example: Case, _ x: [Variable]) throws -> Variable {
        let a = example.attributes
        switch example.operation {
        case "gelu": return gelu(x[0], form: try #require(GELUForm(rawValue: a.form ?? "")))
        case "silu": return silu(x[0])
        case "softplus": return softplus(x[0])
        case "relu6": return relu6(x[0])
        case "leakyReLU": return leakyReLU(x[0], negativeSlope: try #require(a.negativeSlope))
        case "hardswish": return hardswish(x[0])
        case "softmax": return softmax(x[0], axis: try #require(a.axis))
        case "logSoftmax": return logSoftmax(x[0], axis: try #require(a.axis))
        case "layerNorm":
            return layerNorm(
                x[0], weight: x.count > 1 ? x[1] : nil, bias: x.count > 2 ? x[2] : nil,
                epsilon: try #require(a.epsilon))
        case "groupNorm":
            return groupNorm(
                x[0], groups: try #require(a.groups), weight: x.count > 1 ? x[1] : nil,
                bias: x.count > 2 ? x[2] : nil, epsilon: try #require(a.epsilon))
        case "embedding":
            let indices = Tensor(try #require(a.indices), shape: try #require(a.indexShape))
            return embedding(indices, weight: x[0], paddingIndex: a.paddingIndex)
        case "cornerBoxes": return cornerBoxes(x[0])
        default: return try applyLoss(example, x)
        }
    }

    private func applyLoss(_ example: Case, _ x: [Variable]) throws -> Variable {
        let (a, constants) = (example.attributes, example.constants.map(\.tensor))
        if example.operation == "inBatchSoftmax" {
            return inBatchSoftmax(queries: x[0], items: x[1], temperature: try #require(a.temperature))
        }
        let reduction = try #require(Reduction(rawValue: a.reduction ?? ""), "\(example.name)")
        if example.operation == "crossEntropy" {
            let labels = try #require(a.labels)
            return crossEntropy(
                x[0], labels: Tensor(labels, shape: [labels.count]), classWeights: constants.first,
                ignoredLabel: a.ignoredLabel, smoothing: try #require(a.smoothing), reduction: reduction)
        }
        let target = try #require(constants.first)
        switch example.operation {
        case "absoluteError": return absoluteError(x[0], target: target, reduction: reduction)
        case "squaredError": return squaredError(x[0], target: target, reduction: reduction)
        case "smoothL1":
            return smoothL1(x[0], target: target, beta: try #require(a.beta), reduction: reduction)
        case "binaryCrossEntropy":
            return binaryCrossEntropy(
                logits: x[0], target: target, positiveWeight: constants.count > 1 ? constants[1] : nil,
                reduction: reduction)
        case "focalLoss":
            return focalLoss(
                logits: x[0], target: target, alpha: a.alpha, gamma: try #require(a.gamma),
                reduction: reduction)
        case "klDivergence":
            return klDivergence(logProbabilities: x[0], target: target, reduction: reduction)
        case "boxLoss":
            let kind = try #require(BoxLoss(rawValue: a.kind ?? ""))
            return boxLoss(x[0], target: target, kind: kind, reduction: reduction)
        default: throw UnknownOperation(example.operation)
        }
    }
}
