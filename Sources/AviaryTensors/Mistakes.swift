/// Stops the program: two shapes do not fit an operation, which is a mistake in the program.
package func shapeMistake(_ operation: String, _ left: [Int], _ right: [Int]) -> Never {
    fatalError("\(operation): shapes \(left) and \(right) do not fit")
}

/// Stops the program: a shape is not of the form an operation takes.
package func shapeMistake(_ operation: String, _ shape: [Int], _ wanted: String) -> Never {
    fatalError("\(operation): takes \(wanted), given was \(shape)")
}

/// Stops the program: an operation does not take this kind of element.
package func dtypeMistake(_ operation: String, _ dtype: DType, supported: [DType]) -> Never {
    fatalError("\(operation): takes \(supported.map(\.rawValue).joined(separator: ", ")), given was \(dtype)")
}

extension DType {
    /// Stops the program unless this is one of the kinds that an operation takes.
    package func require(_ supported: [DType], _ operation: String) {
        guard supported.contains(self) else { dtypeMistake(operation, self, supported: supported) }
    }
}
