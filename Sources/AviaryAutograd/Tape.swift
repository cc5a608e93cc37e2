import AviaryTensors

/// What was computed in one pass, in order: for each result, its inputs and the way back to them.
///
/// It holds tensors, never variables, and `backward` consumes it entry by entry: every kept activation is freed
/// as soon as the way back has passed it.
final class Tape {
    /// Turns the gradient of each output, in one part or in several that are still to be added up, into those of the
    /// inputs.
    ///
    /// One of several outputs may have no gradient: no part.
    typealias Pullback = ([[Tensor]]) -> [Gradient?]

    private struct Entry {
        let outputs: [Int]
        let shapes: [[Int]]
        let inputs: [Int?]
        let work: StepProfile.Work?
        let pullback: Pullback
    }

    /// What a gradient may flow to.
    private struct Slot {
        /// The kind in which the gradient is kept.
        let kind: DType
        /// How many parts the pullback adds up by itself.
        var partLimit = 1
    }

    private var entries: [Entry] = []
    private var slots: [Slot] = []
    private var isConsumed = false

    /// A slot whose gradient is of the given kind.
    func newSlot(_ kind: DType) -> Int {
        slots.append(Slot(kind: kind))
        return slots.count - 1
    }

    /// The kind in which a slot's gradient is kept.
    func kind(of slot: Int) -> DType { slots[slot].kind }

    /// Notes an operation.
    ///
    /// - Parameters:
    ///   - shape: That of the output.
    ///   - kind: The kind in which the gradient of the output is kept.
    ///   - inputs: The slots of the operands.
    ///   - partLimit: How many parts of its upstream gradient the pullback takes.
    ///   - work: What a profile wants to know of it on the way back.
    ///   - pullback: The way back.
    /// - Returns: The output's slot.
    func record(
        shape: [Int], kind: DType, inputs: [Int?], partLimit: Int = 1, work: StepProfile.Work? = nil,
        pullback: @escaping Pullback
    ) -> Int {
        record(
            shapes: [shape], kinds: [kind], inputs: inputs, partLimit: partLimit, work: work,
            pullback: pullback)[0]
    }

    /// Notes an operation of several outputs, each of its own shape and kind; gives their slots.
    func record(
        shapes: [[Int]], kinds: [DType], inputs: [Int?], partLimit: Int, work: StepProfile.Work? = nil,
        pullback: @escaping Pullback
    ) -> [Int] {
        guard !isConsumed else {
            fatalError("an operation on a pass whose backward has run; begin a new pass")
        }
        let outputs = kinds.map(newSlot)
        for output in outputs { slots[output].partLimit = partLimit }
        entries.append(
            Entry(outputs: outputs, shapes: shapes, inputs: inputs, work: work, pullback: pullback))
        return outputs
    }

    /// Walks back from `slot`; what remains in the answer are the gradients of inputs and parameters.
    ///
    /// Only at such an end can a gradient be rows: an operation on the way is handed tensors.
    func backward(from slot: Int, gradient: Tensor, profile: StepProfile? = nil) -> [Int: Gradient] {
        guard !isConsumed else {
            fatalError("backward ran already on this pass; it consumes what was recorded")
        }
        isConsumed = true
        var gradients = [[Gradient]](repeating: [], count: slots.count)
        gradients[slot] = [.dense(gradient)]
        while let entry = entries.popLast() {
            let upstream = entry.outputs.map { gradients[$0].takeAll().map(\.tensor) }
            guard !upstream.allSatisfy(\.isEmpty) else { continue }
            // A kernel reads as many numbers as the output had: a pullback of a user's own may err.
            for (parts, shape) in zip(upstream, entry.shapes) {
                for part in parts where part.shape != shape { shapeMistake("backward", shape, part.shape) }
            }
            profile?.beginBackward()
            let contributions = entry.pullback(upstream)
            guard contributions.count == entry.inputs.count else {
                fatalError(
                    "backward: an operation of \(entry.inputs.count) inputs gave "
                        + "\(contributions.count) gradients")
            }
            for (input, contribution) in zip(entry.inputs, contributions) {
                guard let input, let contribution else { continue }
                let kept = contribution.cast(to: slots[input].kind)
                gradients[input].take(kept, limit: slots[input].partLimit)
            }
            if let work = entry.work {
                profile?.noteBackward(work, upstream: upstream.flatMap { $0 }, gradients: contributions)
            }
        }
        // The slot of a parameter or an input takes one part.
        return [Int: Gradient](
            uniqueKeysWithValues: gradients.enumerated().compactMap { slot, parts in
                parts.first.map { (slot, $0) }
            })
    }
}

extension [Gradient] {
    /// All parts, which are let go of here.
    fileprivate mutating func takeAll() -> [Gradient] {
        defer { self = [] }
        return self
    }

    /// Takes a contribution in: as a part of its own while there are fewer than `limit`, else added to the last.
    fileprivate mutating func take(_ contribution: Gradient, limit: Int) {
        if count == limit, let last = popLast() {
            append(last.adding(contribution))
        } else {
            append(contribution)
        }
    }
}
