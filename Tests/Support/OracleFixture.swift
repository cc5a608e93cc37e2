package import AviaryTensors
import Foundation
import Testing

/// A tensor as the scripts in `Tests/Oracles` write it.
package struct FixtureTensor: Decodable {
    package let shape: [Int]
    package let values: [Double]
    package let dtype: String

    package init(shape: [Int], values: [Double], dtype: String) {
        (self.shape, self.values, self.dtype) = (shape, values, dtype)
    }

    /// Numbers that a test has computed itself.
    package init(_ tensor: Tensor) {
        self.init(shape: tensor.shape, values: tensor.doubles, dtype: tensor.dtype.rawValue)
    }

    package var tensor: Tensor {
        switch dtype {
        case "f64": Tensor(values, shape: shape)
        case "int64": Tensor(values.map { Int64($0) }, shape: shape)
        default: Tensor(values.map { Float($0) }, shape: shape)
        }
    }

    /// Fails unless the tensor has this shape and kind, and these numbers within `tolerance` of the greatest.
    package func isClose(to tensor: Tensor, within tolerance: Double, _ what: String) {
        #expect(tensor.shape == shape, "\(what): shape")
        #expect(tensor.dtype.rawValue == dtype, "\(what): dtype")
        expectClose(tensor.doubles, values, within: tolerance, what)
    }
}

/// Fails unless `|a - b| ≤ tolerance · max|b|` holds for every element; NaN and infinities have to be the same.
package func expectClose(_ actual: [Double], _ expected: [Double], within tolerance: Double, _ what: String) {
    guard actual.count == expected.count else {
        Issue.record("\(what): \(actual.count) elements, expected \(expected.count)")
        return
    }
    let special = zip(actual, expected).filter { !$0.isFinite || !$1.isFinite }
    #expect(
        special.allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) },
        "\(what): has NaN or infinity where only one of both should, or not the same")
    let pairs = zip(actual, expected).filter { $0.isFinite && $1.isFinite }
    let scale = max(pairs.map { abs($1) }.max() ?? 0, 1e-30)
    let worst = pairs.map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= tolerance * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
}

extension Tensor {
    /// The elements as doubles, whatever their kind.
    package var doubles: [Double] {
        func numbers<T: TensorElement>(_ type: T.Type) -> [Double] { values(as: type).map(\.number) }
        return numbers(dtype.element)
    }
}

/// Reads `Fixtures/name.json` beside the test file that asks.
package func fixture<T: Decodable>(_ name: String, as type: T.Type, file: String = #filePath) throws -> T {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/\(name).json"))
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try decoder.decode(type, from: data)
}
