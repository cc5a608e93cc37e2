package import AviaryAutograd
package import AviaryTensors

/// A case of an operation as `operation_case` in `Tests/Oracles/fixture.py` writes it.
///
/// `Attributes` is what the operation takes beside its inputs: axes, labels, how a loss is reduced.
package struct OperationCase<Attributes: Decodable>: Decodable {
    package let name: String
    /// What the test's closure chooses the operation by.
    package let operation: String
    package let attributes: Attributes
    package let inputs: [FixtureTensor]
    /// What takes part without a gradient: targets, weights of classes, running statistics.
    package let constants: [FixtureTensor]
    package let output: FixtureTensor
    /// What the operation answers beside its output: positions.
    package let further: [FixtureTensor]
    package let upstream: FixtureTensor
    /// One for each input; `nil` where the input asks for none.
    package let gradients: [FixtureTensor?]
    /// Whether differences give the same gradient: not at a corner, nor where something is constant by decree.
    package let isSmooth: Bool
    /// Whether inputs rounded to two bytes have nearly the same answer.
    package let bearsLowPrecision: Bool

    private enum CodingKeys: String, CodingKey {
        case name, operation, attributes, inputs, constants, output, further, upstream, gradients
        case isSmooth = "smooth"
        case bearsLowPrecision = "lowPrecision"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        name = try fields.decode(String.self, forKey: .name)
        operation = try fields.decode(String.self, forKey: .operation)
        attributes = try fields.decode(Attributes.self, forKey: .attributes)
        inputs = try fields.decode([FixtureTensor].self, forKey: .inputs)
        constants = try fields.decodeIfPresent([FixtureTensor].self, forKey: .constants) ?? []
        output = try fields.decode(FixtureTensor.self, forKey: .output)
        further = try fields.decodeIfPresent([FixtureTensor].self, forKey: .further) ?? []
        upstream = try fields.decode(FixtureTensor.self, forKey: .upstream)
        gradients = try fields.decode([FixtureTensor?].self, forKey: .gradients)
        isSmooth = try fields.decodeIfPresent(Bool.self, forKey: .isSmooth) ?? true
        bearsLowPrecision = try fields.decodeIfPresent(Bool.self, forKey: .bearsLowPrecision) ?? false
    }

    /// A case that a test has worked out itself.
    package init(
        name: String, attributes: Attributes, inputs: [Tensor], output: Tensor, upstream: Tensor,
        gradients: [Tensor], bearsLowPrecision: Bool = false
    ) {
        (self.name, operation, self.attributes) = (name, name, attributes)
        self.inputs = inputs.map { FixtureTensor($0) }
        self.output = FixtureTensor(output)
        self.upstream = FixtureTensor(upstream)
        self.gradients = gradients.map { FixtureTensor($0) }
        (constants, further, isSmooth) = ([], [], true)
        self.bearsLowPrecision = bearsLowPrecision
    }

    /// The constants, as the check that runs wants them to lie.
    package var constantTensors: [Tensor] { constants.map(\.tensor.constant) }

    /// Whether the elements are of double precision.
    var isDouble: Bool { inputs[0].dtype == "f64" }

    /// The numbers of the inputs that want a gradient.
    var wanted: [Int] { gradients.indices.filter { gradients[$0] != nil } }
}

/// A fixture of such cases.
package struct OperationCases<Attributes: Decodable>: Decodable {
    package let cases: [OperationCase<Attributes>]
}

/// A tensor of integers among the attributes of a case.
package struct FixtureIndices: Decodable {
    package let shape: [Int]
    package let values: [Int64]

    package var indices: Tensor { Tensor(values, shape: shape).constant }
    package var mask: Tensor { Tensor(values.map { UInt8($0) }, shape: shape).constant }
}

/// How what an operation takes beside its inputs lies in memory while a check runs.
enum ConstantLayout {
    @TaskLocal static var isScattered = false
}

extension Tensor {
    /// Labels, a mask, statistics: a view while a check runs that wants views.
    package var constant: Tensor { ConstantLayout.isScattered ? scattered : self }
}

/// What an operation answered.
package struct OperationAnswer {
    package let output: Variable
    package let further: [Tensor]

    package init(_ output: Variable, further: [Tensor] = []) {
        (self.output, self.further) = (output, further)
    }
}

/// The case names an operation that the test does not know.
package struct UnknownOperation: Error {
    let name: String

    package init(_ name: String) { self.name = name }
}
