import AviaryTensors

/// What was computed in one pass, in order: for each result, its inputs and the way back to them.
///
/// It holds tensors, never variables, and `backward` consumes it entry by entry: every kept activation is freed
/// as soon as the way back has passed it.
final class Tape {
    private struct Entry {
        let output: Int
        let shape: [Int]
        let inputs: [Int?]
        let pullback: (Tensor) -> [Gradient?]
    }

    private var entries: [Entry] = []
    private var slotCount = 0
    private var isConsumed = false

    func newSlot() -> Int {
        slotCount += 1
        return slotCount - 1
    }

    func record(shape: [Int], inputs: [Int?], pullback: @escaping (Tensor) -> [Gradient?]) -> Int {
        guard !isConsumed else {
            fatalError("an operation on a pass whose backward has run; begin a new pass")
        }
        let output = newSlot()
        entries.append(Entry(output: output, shape: shape, inputs: inputs, pullback: pullback))
        return output
    }

    /// Walks back from `slot`; what remains in the answer are the gradients of inputs and parameters.
    ///
    /// Only at such an end can a gradient be rows: an operation on the way is handed a tensor.
    func backward(from slot: Int, gradient: Tensor) -> [Int: Gradient] {
        guard !isConsumed else {
            fatalError("backward ran already on this pass; it consumes what was recorded")
        }
        isConsumed = true
        var gradients = [slot: Gradient.dense(gradient)]
        while let entry = entries.popLast() {
            guard let upstream = gradients.removeValue(forKey: entry.output) else { continue }
            // A kernel reads as many numbers as the output had: a pullback of a user's own may err.
            guard upstream.tensor.shape == entry.shape else {
                shapeMistake("backward", entry.shape, upstream.tensor.shape)
            }
            let contributions = entry.pullback(upstream.tensor)
            guard contributions.count == entry.inputs.count else {
                fatalError(
                    "backward: an operation of \(entry.inputs.count) inputs gave "
                        + "\(contributions.count) gradients")
            }
            for (input, contribution) in zip(entry.inputs, contributions) {
                guard let input, let contribution else { continue }
                gradients[input] =
                    gradients[input].map { $0.adding(contribution) }
                    ?? contribution
            }
        }
        return gradients
    }
}
