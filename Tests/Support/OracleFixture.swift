package import AviaryTensors
import Foundation
import Testing

/// A tensor as the scripts in `Tests/Oracles` write it.
package struct FixtureTensor: Decodable {
    package let shape: [Int]
    package let values: [Double]
    package let dtype: String

    package var tensor: Tensor {
        dtype == "f64" ? Tensor(values, shape: shape) : Tensor(values.map { Float($0) }, shape: shape)
    }

    /// The reals as doubles, whatever the tensor's kind.
    package func isClose(to tensor: Tensor, within tolerance: Double, _ what: String) {
        #expect(tensor.shape == shape, "\(what): shape")
        #expect(tensor.dtype.rawValue == dtype, "\(what): dtype")
        expectClose(tensor.doubles, values, within: tolerance, what)
    }
}

/// Fails unless `|a - b| ≤ tolerance · max|b|` holds for every element.
package func expectClose(_ actual: [Double], _ expected: [Double], within tolerance: Double, _ what: String) {
    guard actual.count == expected.count else {
        Issue.record("\(what): \(actual.count) elements, expected \(expected.count)")
        return
    }
    let scale = max(expected.map(abs).max() ?? 0, 1e-30)
    let worst = zip(actual, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= tolerance * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
    #expect(actual.allSatisfy { !$0.isNaN }, "\(what): has NaN")
}

extension Tensor {
    package var doubles: [Double] {
        dtype == .f64 ? values(as: Double.self) : values(as: Float.self).map(Double.init)
    }
}

/// Reads `Fixtures/name.json` beside the test file that asks.
package func fixture<T: Decodable>(_ name: String, as type: T.Type, file: String = #filePath) throws -> T {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/\(name).json"))
    return try JSONDecoder().decode(type, from: data)
}
