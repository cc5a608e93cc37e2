/// A resize in two steps for each new row, first of rows to one, then along it; plane by plane on the thread pool.
package enum SeparableResize {
    package static func forward(
        _ s: ResizeShape<Float>, source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>
    ) {
        let (rows, columns) = (s.rows, s.columns)
        let width = s.columns.extent
        eachPlane(s) { plane, line in
            let from = source + plane * s.sourceArea
            let to = destination + plane * s.destinationArea
            for y in 0..<s.rows.count {
                line.update(repeating: 0, count: width)
                rows.each(y) { row, weight in
                    let old = from + row * width
                    for x in 0..<width { line[x] += weight * old[x] }
                }
                for x in 0..<s.columns.count {
                    var sum: Float = 0
                    columns.each(x) { column, weight in sum += weight * line[column] }
                    to[y * s.columns.count + x] = sum
                }
            }
        }
    }

    /// Adds to `sourceGradient`, which begins as zeros.
    package static func backward(
        _ s: ResizeShape<Float>, gradient: UnsafePointer<Float>, sourceGradient: UnsafeMutablePointer<Float>
    ) {
        let (rows, columns) = (s.rows, s.columns)
        let width = s.columns.extent
        eachPlane(s) { plane, line in
            let from = gradient + plane * s.destinationArea
            let to = sourceGradient + plane * s.sourceArea
            for y in 0..<s.rows.count {
                line.update(repeating: 0, count: width)
                for x in 0..<s.columns.count {
                    let share = from[y * s.columns.count + x]
                    columns.each(x) { column, weight in line[column] += weight * share }
                }
                rows.each(y) { row, weight in
                    let old = to + row * width
                    for x in 0..<width { old[x] += weight * line[x] }
                }
            }
        }
    }

    /// Visits the planes with room for one row of old width.
    @inline(__always)
    private static func eachPlane(
        _ s: ResizeShape<Float>, _ body: (_ plane: Int, _ line: UnsafeMutablePointer<Float>) -> Void
    ) {
        Parallel.run(s.planes) { planes in
            let line = UnsafeMutablePointer<Float>.allocate(capacity: s.columns.extent)
            defer { line.deallocate() }
            for plane in planes { body(plane, line) }
        }
    }
}
