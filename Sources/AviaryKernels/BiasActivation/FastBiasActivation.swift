import CAviaryKernels

/// Bias, activation and dropout in one pass over memory each way; `x`, the output and their gradients are of one kind,
/// the bias is f32.
///
/// Backward computes the sum with the bias and the factors of dropout again: all that is kept is `x`.
package enum FastBiasActivation {
    /// Writes `output` `[rows, columns]`.
    package static func forward(
        _ a: BiasActivation, _ kind: RealKind, x: UnsafeRawPointer, bias: UnsafePointer<Float>,
        output: UnsafeMutableRawPointer
    ) {
        eachTile(a, kind) { aviary_bias_activation_forward($0, $1, x, bias, output) }
    }

    /// Writes the gradients by `x` and, where it is wanted, by the bias.
    package static func backward(
        _ a: BiasActivation, _ kind: RealKind, x: UnsafeRawPointer, bias: UnsafePointer<Float>,
        upstream: UnsafeRawPointer, gradient: UnsafeMutableRawPointer,
        biasGradient: UnsafeMutablePointer<Float>?
    ) {
        guard let biasGradient else {
            return eachTile(a, kind) {
                aviary_bias_activation_backward($0, $1, x, bias, upstream, gradient, nil)
            }
        }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, a.columns)) { sums in
            guard let start = sums.baseAddress else { fatalError("bias and activation: no scratch") }
            withUnsafePointer(to: a.arguments(kind)) { arguments in
                ColumnTiles(rows: a.rows, columns: a.columns).sum(into: start, grain: grain) { tile, sums in
                    aviary_bias_activation_backward(arguments, tile, x, bias, upstream, gradient, sums)
                }
            }
            for column in 0..<a.columns { biasGradient[column] = Float(sums[column]) }
        }
    }

    private static func eachTile(
        _ a: BiasActivation, _ kind: RealKind,
        _ body: (UnsafePointer<aviary_bias_activation>, UnsafePointer<aviary_tile>) -> Void
    ) {
        let tiles = ColumnTiles(rows: a.rows, columns: a.columns)
        withUnsafePointer(to: a.arguments(kind)) { arguments in
            Parallel.run(tiles.count, grain: tiles.tileCount(ofElements: grain)) {
                for index in $0 { withUnsafePointer(to: tiles.tile(index)) { body(arguments, $0) } }
            }
        }
    }

    /// An element costs some ten times as much as adding two numbers.
    private static let grain = Parallel.elementGrain / 8
}

extension BiasActivation {
    fileprivate func arguments(_ kind: RealKind) -> aviary_bias_activation {
        var arguments = aviary_bias_activation()
        arguments.function = function.arguments.kind
        arguments.kind = kind.inLoops
        arguments.columns = Int64(columns)
        if let dropout {
            arguments.drops = true
            arguments.dropout = dropout.arguments
        }
        return arguments
    }
}
