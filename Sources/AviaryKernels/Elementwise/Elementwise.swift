import CAviaryKernels

/// Loops over elements of one kind, computed in single precision and rounded once.
package enum Elementwise {
    package enum Operation: Sendable {
        case add
        case subtract
        case multiply
        case divide

        fileprivate var code: aviary_operation {
            switch self {
            case .add: AVIARY_ADD
            case .subtract: AVIARY_SUBTRACT
            case .multiply: AVIARY_MULTIPLY
            case .divide: AVIARY_DIVIDE
            }
        }
    }

    /// Combines two operands that are broadcast to one shape.
    package static func run(
        _ operation: Operation, _ kind: RealKind, _ shape: PairShape, _ left: UnsafeRawPointer,
        _ right: UnsafeRawPointer, into output: UnsafeMutableRawPointer
    ) {
        guard shape.rows == 1 else {
            return shape.withArguments(operation.code, kind, columns: shape.columns) { pairs in
                Parallel.run(shape.rows, grain: max(1, Parallel.elementGrain / max(1, shape.columns))) {
                    aviary_combine(pairs, left, right, output, Int64($0.lowerBound), Int64($0.upperBound))
                }
            }
        }
        Parallel.run(shape.columns, grain: Parallel.elementGrain) { part in
            let first = part.lowerBound * kind.byteCount
            shape.withArguments(operation.code, kind, columns: part.count) {
                aviary_combine(
                    $0, left + (shape.leftRepeats ? 0 : first), right + (shape.rightRepeats ? 0 : first),
                    output + first, 0, 1)
            }
        }
    }

    package static func scale(
        _ source: UnsafeRawPointer, _ kind: RealKind, by factor: Float,
        into output: UnsafeMutableRawPointer, count: Int
    ) {
        Parallel.run(count, grain: Parallel.elementGrain) {
            let first = $0.lowerBound * kind.byteCount
            aviary_scale(source + first, kind.inLoops, factor, output + first, Int64($0.count))
        }
    }
}
