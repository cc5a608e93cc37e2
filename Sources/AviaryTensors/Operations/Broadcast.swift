extension Tensor {
    /// The tensor repeated along axes of extent 1, and along new ones in front, up to `target`.
    package func broadcast(to target: [Int]) -> Tensor {
        guard target != shape else { return self }
        guard shape.count <= target.count, broadcastShape(shape, target) == target else {
            shapeMistake("broadcast", shape, target)
        }
        let added = target.count - shape.count
        var steps = [Int](repeating: 0, count: added) + shape.rowMajorSteps
        for axis in shape.indices where shape[axis] == 1 { steps[added + axis] = 0 }
        return strided(target, steps: steps)
    }
}
