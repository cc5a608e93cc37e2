import AviaryTensors

extension Variable {
    /// The whole so many times behind itself along each axis: PyTorch's `tile`.
    ///
    /// - Returns: Each extent times its count; with more counts than axes, new axes in front.
    public func tiled(_ counts: [Int]) -> Variable {
        guard counts.count >= shape.count, counts.allSatisfy({ $0 >= 0 }) else {
            shapeMistake("tile by \(counts)", shape, "one count, 0 or more, for each axis")
        }
        let before = [Int](repeating: 1, count: counts.count - shape.count) + shape
        let columns = before.flatMap { [1, $0] }
        let repeated = zip(counts, before).flatMap { [$0, $1] }
        return reshaped(columns).broadcast(to: repeated).reshaped(zip(counts, before).map { $0 * $1 })
    }
}
