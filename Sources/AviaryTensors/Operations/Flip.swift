extension Tensor {
    /// The elements in opposite order along some axes: a view.
    package func flipped(_ axes: [Int]) -> Tensor {
        let (source, placement) = located
        var (start, steps) = (placement.start, placement.steps)
        for axis in self.axes(axes, "flip") where shape[axis] > 0 {
            start += (shape[axis] - 1) * steps[axis]
            steps[axis] = -steps[axis]
        }
        return source.view(shape, at: Placement(start: start, steps: steps))
    }
}
