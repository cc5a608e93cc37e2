extension Tensor {
    /// The elements in opposite order along some axes.
    package func flipped(_ axes: [Int]) -> Tensor {
        var (start, steps) = (0, shape.rowMajorSteps)
        for axis in self.axes(axes, "flip") {
            start += (shape[axis] - 1) * steps[axis]
            steps[axis] = -steps[axis]
        }
        return strided(shape, start: start, steps: steps)
    }
}
