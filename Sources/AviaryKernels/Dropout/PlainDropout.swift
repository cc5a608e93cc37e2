/// Dropout as it is written, in double precision.
package enum PlainDropout {
    /// Each element times its factor; a gradient goes back the same way.
    package static func apply(
        _ dropout: ElementDropout, _ source: UnsafePointer<Double>, into output: UnsafeMutablePointer<Double>,
        count: Int
    ) {
        Parallel.run(count, grain: grain) {
            for i in $0 { output[i] = source[i] * dropout.factor(at: i) }
        }
    }

    /// A factor costs some hundred times as much as adding two numbers: each computes a whole block.
    private static let grain = Parallel.elementGrain / 64
}
