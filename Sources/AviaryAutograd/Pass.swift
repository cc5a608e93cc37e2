public import AviaryTensors

/// Whether a pass trains a model or asks it.
public enum Mode: Sendable {
    /// Batch statistics, dropout on.
    case training
    /// Running statistics, dropout off.
    case evaluation
}

/// One trip of data through a model: it knows its mode, records what backward needs, and owns its random streams.
///
/// A pass belongs to one task and is neither `Sendable` nor global: two passes on two threads never meet.
public final class Pass {
    /// Whether the model is trained or asked.
    public let mode: Mode
    /// What later names a random stream: the run's seed and the step.
    public let seed: UInt64
    /// The step of the training, counted from 0.
    public let step: UInt32
    /// Which of the batches that one step adds up, counted from 0.
    public let microStep: UInt32
    /// Which operations work on numbers of two bytes; `nil` for none.
    public private(set) var autocast: Autocast?
    /// What stands in for parameters; `nil` where all have their own values.
    public let substitutes: Substitutes?

    let tape: Tape?
    // Slots, not variables: those would keep the pass alive for ever where backward never runs.
    private var lifted: [ObjectIdentifier: Int] = [:]
    private var parameters: [Int: Parameter] = [:]
    private var isRecording: Bool
    private var streamCount: UInt32 = 0
    private var newBuffers: [(buffer: Buffer, value: Tensor)] = []
    private var tally: OperationTally?
    /// Where the step's time goes, as far as this pass takes part in it; `nil` where nobody asks.
    package private(set) var profile: StepProfile?

    /// Begins a pass.
    ///
    /// Gradients are recorded in training, and in evaluation if asked for.
    public init(
        _ mode: Mode, recordsGradients: Bool? = nil, seed: UInt64 = 0, step: UInt32 = 0,
        microStep: UInt32 = 0, autocast: Autocast? = nil, substitutes: Substitutes? = nil
    ) {
        self.mode = mode
        self.seed = seed
        self.step = step
        self.microStep = microStep
        self.autocast = autocast
        self.substitutes = substitutes
        isRecording = recordsGradients ?? (mode == .training)
        tape = isRecording ? Tape() : nil
    }

    /// Begins an evaluation that counts its operations; nothing can go back through it.
    package convenience init(tallyingInto tally: OperationTally) {
        self.init(.evaluation, recordsGradients: true)
        self.tally = tally
    }

    /// Notes every operation from now on, forward and backward, in `profile`; results stay what they are.
    package func keep(_ profile: StepProfile) {
        self.profile = profile
        profile.beginPass()
    }

    /// Brings data in.
    ///
    /// Only with `needsGradient` will `Gradients` have one for it; whole numbers and truth values have none.
    public func input(_ tensor: Tensor, needsGradient: Bool = false) -> Variable {
        if needsGradient { tensor.dtype.require(DType.reals, "an input that needs a gradient") }
        return Variable(
            tensor: tensor, pass: self, slot: needsGradient && isRecording ? tape?.newSlot(tensor.dtype) : nil
        )
    }

    /// Brings a parameter in, or what stands in for it; the same variable each time within one pass.
    ///
    /// A frozen one comes as a constant: nothing is recorded for it.
    public func use(_ parameter: Parameter) -> Variable {
        let value = substitutes?[parameter] ?? parameter.value
        let isLifted = tally != nil || isRecording && !parameter.isFrozen
        guard isLifted, let tape else {
            profile?.lift(parameter, value, to: nil)
            return Variable(tensor: value, pass: self, slot: nil)
        }
        let slot = lifted[ObjectIdentifier(parameter)] ?? tape.newSlot(value.dtype)
        lifted[ObjectIdentifier(parameter)] = slot
        parameters[slot] = parameter
        tally?.lift(parameter, to: slot)
        profile?.lift(parameter, value, to: slot)
        return Variable(tensor: value, pass: self, slot: slot)
    }

    /// Runs `body` without recording: matching, targets, measurements.
    public func withoutGradient<R>(_ body: () throws -> R) rethrows -> R {
        let before = isRecording
        isRecording = false
        defer { isRecording = before }
        return try body()
    }

    /// A random stream for the next layer that draws in this pass.
    public func nextStream(_ name: String) -> RandomStream {
        streamCount += 1
        // Streams of a pass are fewer than 2¹⁶; the micro-step takes the upper half.
        return RandomStream(seed: seed, name: name, step, microStep << 16 | streamCount)
    }

    /// Runs `body` with every operation in its inputs' own precision.
    public func withoutAutocast<R>(_ body: () throws -> R) rethrows -> R {
        let before = autocast
        autocast = nil
        defer { autocast = before }
        return try body()
    }

    /// Remembers what a buffer is to become, unless it is frozen; the trainer applies it after the pass.
    ///
    /// `next` is given what it is by now: a layer that is called twice in one pass goes on from its first call.
    public func update(_ buffer: Buffer, by next: (Tensor) -> Tensor) {
        guard !buffer.isFrozen else { return }
        let value = newBuffers.last { $0.buffer === buffer }?.value ?? buffer.value
        let new = profile.measure("buffer update", in: .buffers, .update) { next(value) }
        newBuffers.append((buffer, new))
    }

    /// Writes the collected running statistics into their buffers.
    public func applyBufferUpdates() {
        profile.measure("buffer update", in: .buffers, .update) {
            for (buffer, value) in newBuffers { buffer.value = value }
        }
        newBuffers = []
    }

    /// The result of an operation, recorded if one of its inputs needs a gradient: how every operation is made, also one
    /// of your own (docs/adding-an-operation.md).
    ///
    /// - Parameters:
    ///   - output: What the operation makes of the inputs' tensors.
    ///   - inputs: Its operands, all of this pass.
    ///   - multiplyAdds: How many products were added up, for a model's summary; an operation that is no sum of
    ///     products has none.
    ///   - function: What a profile calls the operation where it does not run in `arithmetic`: the function that records it.
    ///   - pullback: Turns the gradient of the output into those of the inputs, in their order; `nil` where one has none.
    ///     It must hold tensors only: a variable would keep the pass alive, and the pass the tape.
    /// - Returns: The output as a variable of this pass.
    public func record(
        _ output: Tensor, from inputs: [Variable], multiplyAdds: Int = 0, function: String = #function,
        pullback: @escaping (Tensor) -> [Tensor?]
    ) -> Variable {
        recordSparse(output, from: inputs, multiplyAdds: multiplyAdds, function: function) {
            pullback($0).map { $0.map(Gradient.dense) }
        }
    }

    /// The same where a gradient may be rows of a table.
    ///
    /// With `gradientKind` the output's gradient is kept in another kind than the output's own: what a policy rounds to
    /// two bytes on its way in keeps a gradient in `f32`.
    package func recordSparse(
        _ output: Tensor, from inputs: [Variable], multiplyAdds: Int = 0, gradientKind: DType? = nil,
        function: String = #function, pullback: @escaping (Tensor) -> [Gradient?]
    ) -> Variable {
        record(output, from: inputs, multiplyAdds: multiplyAdds, gradientKind, partLimit: 1, function) {
            pullback($0[0][0])
        }
    }

    /// The same for an operation that adds up by itself what comes back to its output along two ways: in the pass over
    /// memory that it makes anyhow.
    package func recordAdding(
        _ output: Tensor, from inputs: [Variable], function: String = #function,
        pullback: @escaping (_ upstream: Tensor, _ other: Tensor?) -> [Tensor?]
    ) -> Variable {
        record(output, from: inputs, multiplyAdds: 0, nil, partLimit: 2, function) { upstream in
            let parts = upstream[0]
            return pullback(parts[0], parts.count > 1 ? parts[1] : nil).map { $0.map(Gradient.dense) }
        }
    }

    /// The same for an operation of two results.
    ///
    /// - Parameters:
    ///   - outputs: What the operation makes of the inputs' tensors.
    ///   - inputs: Its operands, all of this pass.
    ///   - function: As for `record`.
    ///   - pullback: Is given the parts of what comes back to each result, two at most; none where one took no part in
    ///     what is differentiated, which is not so of both.
    /// - Returns: The results as variables of this pass.
    package func recordPair(
        _ outputs: (Tensor, Tensor), from inputs: [Variable], function: String = #function,
        pullback: @escaping (_ first: [Tensor], _ second: [Tensor]) -> [Tensor?]
    ) -> (Variable, Variable) {
        guard tally == nil, isRecording, let tape, inputs.contains(where: { $0.slot != nil }) else {
            // Nothing goes back, and a tally counts an operation once.
            return (
                Variable(tensor: outputs.0, pass: self, slot: nil),
                record(outputs.1, from: inputs) { _ in inputs.map { _ in nil } }
            )
        }
        requireOwn(inputs)
        let work = profile?.note(function, outputs.1, from: inputs, multiplyAdds: 0)
        let both = [outputs.0, outputs.1]
        let slots = tape.record(
            shapes: both.map(\.shape), kinds: both.map(\.dtype), inputs: inputs.map(\.slot), partLimit: 2,
            work: work
        ) { pullback($0[0], $0[1]).map { $0.map(Gradient.dense) } }
        for slot in slots { profile?.own(slot, from: inputs) }
        return (
            Variable(tensor: outputs.0, pass: self, slot: slots[0]),
            Variable(tensor: outputs.1, pass: self, slot: slots[1])
        )
    }

    private func requireOwn(_ inputs: [Variable]) {
        for input in inputs where input.pass !== self {
            fatalError("an operation mixes variables of two passes")
        }
    }

    private func record(
        _ output: Tensor, from inputs: [Variable], multiplyAdds: Int, _ gradientKind: DType?, partLimit: Int,
        _ function: String, pullback: @escaping Tape.Pullback
    ) -> Variable {
        requireOwn(inputs)
        let kind = gradientKind ?? output.dtype
        if let tally {
            let slot = tally.note(output.shape, from: inputs.map(\.slot), multiplyAdds) {
                tape?.newSlot(kind)
            }
            return Variable(tensor: output, pass: self, slot: slot)
        }
        let work = profile?.note(function, output, from: inputs, multiplyAdds: multiplyAdds)
        guard isRecording, let tape, inputs.contains(where: { $0.slot != nil }) else {
            return Variable(tensor: output, pass: self, slot: nil)
        }
        let slot = tape.record(
            shape: output.shape, kind: kind, inputs: inputs.map(\.slot), partLimit: partLimit,
            work: work, pullback: pullback)
        profile?.own(slot, from: inputs)
        return Variable(tensor: output, pass: self, slot: slot)
    }

    /// Whether nothing of what is computed now is kept for a way back: an evaluation without gradients.
    var isAsking: Bool { mode == .evaluation && !isRecording && tally == nil && profile == nil }

    func backward(from variable: Variable, gradient: Tensor) -> Gradients {
        guard let tape, let slot = variable.slot else {
            fatalError(
                "backward: nothing was recorded; the pass is of mode \(mode) or no input needs a gradient")
        }
        let bySlot = tape.backward(from: slot, gradient: gradient, profile: profile)
        lifted = [:]
        return Gradients(bySlot: bySlot, parameters: parameters)
    }
}
