extension Tensor {
    /// The tensor repeated along axes of extent 1, and along new ones in front, up to `target`: a view.
    package func broadcast(to target: [Int]) -> Tensor {
        guard target != shape else { return self }
        guard shape.count <= target.count, broadcastShape(shape, target) == target else {
            shapeMistake("broadcast", shape, target)
        }
        let added = target.count - shape.count
        let (source, placement) = located
        var steps = [Int](repeating: 0, count: added) + placement.steps
        for axis in shape.indices where shape[axis] == 1 { steps[added + axis] = 0 }
        return source.view(target, at: Placement(start: placement.start, steps: steps))
    }
}
