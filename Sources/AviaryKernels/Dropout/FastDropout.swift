import CAviaryKernels

/// Dropout in single precision, vectorised; numbers are f32, or bf16 if said so.
package enum FastDropout {
    /// Each element times its factor; a gradient goes back the same way.
    package static func apply(
        _ dropout: ElementDropout, isBF16: Bool, _ source: UnsafeRawPointer,
        into output: UnsafeMutableRawPointer, count: Int
    ) {
        withUnsafePointer(to: dropout.arguments) { arguments in
            Parallel.run(count, grain: grain) {
                aviary_drop(arguments, isBF16, source, output, Int64($0.lowerBound), Int64($0.count))
            }
        }
    }

    /// A draw costs some ten times as much as adding two numbers.
    private static let grain = Parallel.elementGrain / 8
}

extension ElementDropout {
    var arguments: aviary_dropout {
        aviary_dropout(
            key: key, counter: counter, first_draw: UInt64(firstDraw), threshold: threshold, kept: Float(kept)
        )
    }
}
