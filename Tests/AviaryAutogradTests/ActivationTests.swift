import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Activations, norms and embedding against PyTorch (`Tests/Oracles/activations_norms_losses.py`).
struct ActivationTests {
    struct Attributes: Decodable {
        var form: String?
        var negativeSlope, epsilon: Double?
        var axis, groups, paddingIndex: Int?
        var indices: [Int64]?
        var indexShape: [Int]?
    }

    typealias Case = OperationCase<Attributes>

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        for (name, count) in [("activations", 119), ("norms", 56)] {
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
        case "relu": return relu(x[0])
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
            let indices = Tensor(try #require(a.indices), shape: try #require(a.indexShape)).constant
            return embedding(indices, weight: x[0], paddingIndex: a.paddingIndex)
        case "cornerBoxes": return cornerBoxes(x[0])
        default: throw UnknownOperation(example.operation)
        }
    }
}
