package import AviaryAutograd

/// What one step is made of: a few micro-batches of some task, each with the loss that the task makes of it.
package struct StepWindow {
    /// How many elements each micro-batch has: images, boxes or tokens, whatever its loss is the mean of; one of 0
    /// has no mean, and its loss is not asked for.
    package let counts: [Int]
    /// The mean loss over the elements of the micro-batch at an index, computed in the given pass.
    package let loss: (Int, Pass) throws -> Variable

    /// Micro-batches of so many elements, with the way to the loss of each.
    package init(counts: [Int], loss: @escaping (Int, Pass) throws -> Variable) {
        self.counts = counts
        self.loss = loss
    }

    /// How many elements the step has.
    package var count: Int { counts.reduce(0, +) }
}

/// What a step came to.
package struct StepOutcome: Equatable {
    /// The mean loss over all elements of the window, in nats or what the task measures; `nil` of a window that has
    /// none, which changes nothing but the training's step.
    package let loss: Double?
    /// Whether the parameters were left as they were because a scaled gradient was not finite.
    package let isSkipped: Bool
}
