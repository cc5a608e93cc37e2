import CAviaryKernels

/// Loops over elements that lie side by side, in single precision.
package enum Elementwise {
    package typealias Pair =
        @convention(c) (
            UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int64
        ) -> Void

    package enum Operation: Sendable {
        case add
        case subtract
        case multiply
        case divide
        /// First the output, then the gradient.
        case reluBackward

        fileprivate var loop: Pair {
            switch self {
            case .add: aviary_add
            case .subtract: aviary_subtract
            case .multiply: aviary_multiply
            case .divide: aviary_divide
            case .reluBackward: aviary_relu_backward
            }
        }
    }

    package static func run(
        _ operation: Operation, _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
        into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        let loop = operation.loop
        Parallel.run(count, grain: Parallel.elementGrain) {
            let first = $0.lowerBound
            loop(left + first, right + first, output + first, Int64($0.count))
        }
    }

    package static func relu(
        _ source: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        Parallel.run(count, grain: Parallel.elementGrain) {
            aviary_relu(source + $0.lowerBound, output + $0.lowerBound, Int64($0.count))
        }
    }

    package static func scale(
        _ source: UnsafePointer<Float>, by factor: Float, into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        Parallel.run(count, grain: Parallel.elementGrain) {
            aviary_scale(source + $0.lowerBound, factor, output + $0.lowerBound, Int64($0.count))
        }
    }
}
