/// Axes of a tensor that are taken together, and how it becomes a matrix for it: what stays in the rows.
package struct ReducedAxes: Sendable {
    private let shape: [Int]
    /// Those taken together, counted from the front, in order.
    package let taken: [Int]
    /// All axes, those that stay in front.
    package let order: [Int]
    /// The result's shape: without the axes, or with an extent of 1 in their place.
    package let result: [Int]

    /// Axes of `tensor`, negative ones counted from the back; one that is not there stops the program.
    package init(_ axes: [Int], of tensor: Tensor, keepsAxes: Bool, _ operation: String) {
        let taken = tensor.axes(axes, operation)
        let kept = tensor.shape.indices.filter { !taken.contains($0) }
        (shape, self.taken, order) = (tensor.shape, taken, kept + taken)
        result =
            keepsAxes
            ? shape.indices.map { taken.contains($0) ? 1 : tensor.shape[$0] } : kept.map { tensor.shape[$0] }
    }

    /// How many elements are taken together.
    package var count: Int { taken.map { shape[$0] }.product }

    /// The tensor's shape with an extent of 1 for each of the axes.
    package var broadcastResult: [Int] { shape.indices.map { taken.contains($0) ? 1 : shape[$0] } }

    /// `[rows, n]`, after the axes were brought in order.
    package var matrix: [Int] { [result.product, count] }

    /// Whether the axes lie in order already.
    package var isInOrder: Bool { order == Array(shape.indices) }

    /// Stops the program where nothing is taken together.
    package func requireElements(_ operation: String) {
        guard count > 0 else {
            let axes = taken.count == 1 ? "axis \(taken[0])" : "axes \(taken)"
            shapeMistake(operation, shape, "at least one element along \(axes)")
        }
    }
}
