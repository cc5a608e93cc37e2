/// Planes of one size brought to another, `[planes, H, W]` to `[planes, H', W']`.
package struct ResizeShape<Weight: BinaryFloatingPoint & Sendable>: Sendable {
    package var planes: Int
    package var rows: ResizeTaps<Weight>
    package var columns: ResizeTaps<Weight>

    package init(planes: Int, rows: ResizeTaps<Weight>, columns: ResizeTaps<Weight>) {
        self.planes = planes
        self.rows = rows
        self.columns = columns
    }

    /// Elements of one plane before.
    package var sourceArea: Int { rows.extent * columns.extent }
    /// Elements of one plane afterwards.
    package var destinationArea: Int { rows.count * columns.count }
}

/// What a resize is: each new pixel the mean of old ones, weighted by the product of their row's and column's tap.
package enum PlainResize {
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint & Sendable>(
        _ s: ResizeShape<T>, source: UnsafePointer<T>, destination: UnsafeMutablePointer<T>
    ) {
        eachPixel(s) { pixel, taps in
            destination[pixel] = T(taps.reduce(0) { $0 + $1.weight * Double(source[$1.source]) })
        }
    }

    /// Adds to `sourceGradient`, which begins as zeros.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint & Sendable>(
        _ s: ResizeShape<T>, gradient: UnsafePointer<T>, sourceGradient: UnsafeMutablePointer<T>
    ) {
        eachPixel(s) { pixel, taps in
            for tap in taps { sourceGradient[tap.source] += T(tap.weight) * gradient[pixel] }
        }
    }

    private static func eachPixel<T: BinaryFloatingPoint & Sendable>(
        _ s: ResizeShape<T>, _ body: (_ pixel: Int, _ taps: [(source: Int, weight: Double)]) -> Void
    ) {
        for plane in 0..<s.planes {
            for y in 0..<s.rows.count {
                for x in 0..<s.columns.count {
                    var taps: [(source: Int, weight: Double)] = []
                    for i in s.rows.starts[y]..<s.rows.starts[y + 1] {
                        for j in s.columns.starts[x]..<s.columns.starts[x + 1] {
                            let row = plane * s.rows.extent + s.rows.sources[i]
                            let source = row * s.columns.extent + s.columns.sources[j]
                            let weight = Double(s.rows.weights[i]) * Double(s.columns.weights[j])
                            taps.append((source, weight))
                        }
                    }
                    body((plane * s.rows.count + y) * s.columns.count + x, taps)
                }
            }
        }
    }
}
