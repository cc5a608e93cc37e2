import AviaryAutograd
import AviaryTraining

extension TrainingProfile {
    /// The step as a whole, then a table of the operations, the slowest first, and one of the layers, in their order.
    func printTables(imagesPerStep: Int) throws {
        let milliseconds = Double(stepNanoseconds) / 1e6
        let rate = Double(imagesPerStep) * 1000 / max(milliseconds, 1e-6)
        try tell(
            "step \(fixed(milliseconds, 2)) ms (median of \(stepCount), the fastest "
                + "\(fixed(Double(leastStepNanoseconds) / 1e6, 2))), \(fixed(rate, 0)) images/s")
        try tell(
            "limit \(fixed(limit.f32FlopRate / 1e9, 1)) GFLOP/s in f32, "
                + "\(fixed(limit.bf16FlopRate / 1e9, 1)) in bf16, \(fixed(limit.byteRate / 1e9, 1)) GB/s")
        try tell("\nOPERATIONS")
        try printTable(["OPERATION"] + Self.head, operations.map { [$0.name] + cells($0) })
        try tell("\nLAYERS")
        try printTable(["LAYER", "KIND"] + Self.head, layers.map { [$0.name, $0.kind ?? ""] + cells($0) })
    }

    private static let head = [
        "CALLS", "FORWARD MS", "BACKWARD MS", "MS", "STEP %", "GFLOP/S", "MB", "LIMIT %", "REORDERS",
    ]

    private func cells(_ group: Group) -> [String] {
        let figures = group.figures
        let ofStep = Double(figures.nanoseconds) / Double(max(1, stepNanoseconds))
        return [
            String(figures.callCount), fixed(Double(group.forwardNanoseconds) / 1e6, 3),
            fixed(Double(group.backwardNanoseconds) / 1e6, 3), fixed(Double(figures.nanoseconds) / 1e6, 3),
            fixed(100 * ofStep, 1), figures.flopCount > 0 ? fixed(figures.flopRate / 1e9, 1) : "",
            fixed(Double(figures.byteCount) / 1e6, 2), fixed(100 * group.share, 1),
            String(figures.reorderCount),
        ]
    }
}
