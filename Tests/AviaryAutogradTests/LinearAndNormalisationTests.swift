import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Linear over any leading axes and L2 normalisation against PyTorch (`Tests/Oracles/course_layers.py`).
struct LinearAndNormalisationTests {
    struct Attributes: Decodable {
        var axis: Int?
        var epsilon: Double?
    }

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        for (name, count) in [("linear_axes", 10), ("l2_normalised", 10)] {
            let cases = try fixture(name, as: OperationCases<Attributes>.self).cases
            #expect(cases.count == count, "\(name)")
            try OperationCheck(cases) { OperationAnswer(try apply($0, $1)) }.run()
        }
    }

    private func apply(_ example: OperationCase<Attributes>, _ x: [Variable]) throws -> Variable {
        switch example.operation {
        case "linear": return linear(x[0], weight: x[1], bias: x[2])
        case "l2Normalised":
            let axis = try #require(example.attributes.axis)
            guard let epsilon = example.attributes.epsilon else { return x[0].l2Normalised(axis: axis) }
            return x[0].l2Normalised(axis: axis, epsilon: epsilon)
        default: throw UnknownOperation(example.operation)
        }
    }

    @Test func `the last axis is what is normalised where none is named`() {
        let x = Pass(.evaluation).input(Tensor([3, 4, 0, 2] as [Double], shape: [2, 2]))
        #expect(x.l2Normalised().tensor.doubles == [0.6, 0.8, 0, 1])
    }

    @Test func `linear takes a view as it takes its copy`() {
        let numbers = Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4])
        let pass = Pass(.evaluation)
        let weight = pass.input(Tensor((0..<6).map { Float($0) }, shape: [2, 3]))
        let view = pass.input(numbers).permuted([0, 2, 1])  // [2, 4, 3]
        let copy = pass.input(Tensor(view.tensor.values(as: Float.self), shape: [2, 4, 3]))
        #expect(
            linear(view, weight: weight, bias: nil).tensor.doubles
                == linear(copy, weight: weight, bias: nil).tensor.doubles)
    }

    @Test func `a linear whose shapes do not fit stops the program and names both`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.evaluation)
            _ = linear(pass.input(.zeros([2, 3, 4])), weight: pass.input(.zeros([5, 3])), bias: nil)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("linear: shapes [2, 3, 4] and [5, 3] do not fit"))
    }

    @Test func `an axis that is not there stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Pass(.evaluation).input(.zeros([2, 3])).l2Normalised(axis: 2)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("l2 normalisation: takes a tensor with an axis 2, given was [2, 3]"))
    }
}
