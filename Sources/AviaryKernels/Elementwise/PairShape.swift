import CAviaryKernels

/// How the elements of two operands that are broadcast to one shape meet.
///
/// Axes along which both operands go on alike are one axis. What is left are rows, along which an operand lies side by
/// side or is one element repeated, and as few axes in front of them as can be.
package struct PairShape: Sendable {
    let extents: [Int64]
    let leftSteps: [Int64]
    let rightSteps: [Int64]
    let columns: Int
    let leftRepeats: Bool
    let rightRepeats: Bool

    /// Operands that have the shape of the result.
    package init(count: Int) {
        (extents, leftSteps, rightSteps) = ([], [], [])
        (columns, leftRepeats, rightRepeats) = (count, false, false)
    }

    /// Row-major operands whose steps along each axis of `shape` are 0 where they are stretched.
    package init(_ shape: [Int], leftSteps left: [Int], rightSteps right: [Int]) {
        var axes: [(extent: Int, left: Int, right: Int)] = []  // the last first
        for axis in shape.indices.reversed() where shape[axis] != 1 {
            let (extent, a, b) = (shape[axis], left[axis], right[axis])
            if let inner = axes.last, a == inner.left * inner.extent, b == inner.right * inner.extent {
                axes[axes.count - 1].extent *= extent
            } else {
                axes.append((extent, a, b))
            }
        }
        let row = axes.first ?? (1, 1, 1)
        let outer = axes.dropFirst().reversed()
        extents = outer.map { Int64($0.extent) }
        leftSteps = outer.map { Int64($0.left) }
        rightSteps = outer.map { Int64($0.right) }
        (columns, leftRepeats, rightRepeats) = (row.extent, row.left == 0, row.right == 0)
    }

    var rows: Int { extents.reduce(1) { $0 * Int($1) } }

    /// Lends the shape as the loops want it, with other columns where a row is parted.
    func withArguments(
        _ operation: aviary_operation, _ kind: RealKind, columns: Int,
        _ body: (UnsafePointer<aviary_pairs>) -> Void
    ) {
        extents.withUnsafeBufferPointer { extents in
            leftSteps.withUnsafeBufferPointer { left in
                rightSteps.withUnsafeBufferPointer { right in
                    var pairs = aviary_pairs(
                        operation: operation, kind: kind.inLoops, a_repeats: leftRepeats,
                        b_repeats: rightRepeats, axis_count: Int32(extents.count),
                        extents: extents.baseAddress, a_steps: left.baseAddress, b_steps: right.baseAddress,
                        columns: Int64(columns))
                    body(&pairs)
                }
            }
        }
    }
}
