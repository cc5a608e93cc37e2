package import AviaryTensors

/// Where the time of one training step goes: a row for each operation of each layer, forward and backward apart.
///
/// A pass that keeps one (`Pass.keep`) notes its operations there; a pass without one measures nothing. Layers cannot be
/// seen from here, but the parameters they use can: an operation belongs to the last parameter that it takes in, and
/// one that takes in none belongs with the operation before it. What is done within an operation is part of it, so casts
/// for an autocast policy are those of the product that wanted them.
///
/// An operation that does not run in `Pass.arithmetic`, as a slice, is only seen when its result is recorded: its time is
/// that since the operation before it.
package final class StepProfile {
    /// What something is done for.
    package enum Phase: String, Sendable, CaseIterable {
        case data, forward, backward, update
        /// Between what is measured.
        case other
    }

    /// What a step does beside its layers.
    package enum Part: String, Sendable {
        case data
        /// Before the first parameter.
        case input
        case loss, accuracy, buffers, accumulation, clipping, optimizer, average
        /// Between what is measured.
        case rest
    }

    /// Where an operation belongs.
    package enum Place: Hashable, Sendable {
        /// To the layer that holds this parameter.
        case layer(of: ObjectIdentifier)
        case part(Part)
    }

    /// What an operation took, in all its calls.
    package struct Figures: Equatable, Sendable {
        package var callCount = 0
        package var nanoseconds = 0
        /// Twice the multiply-adds of products; what else is computed is not counted.
        package var flopCount = 0
        /// An estimate: the tensors taken in and those made, once each.
        ///
        /// What hands on its input's memory moves nothing.
        package var byteCount = 0
        /// Copies from one layout to another.
        package var reorderCount = 0

        package init() {}
    }

    /// An operation of a layer in one phase.
    package struct Row: Sendable {
        package let operation: String
        package let place: Place
        package let phase: Phase
        /// In what its products were computed: `bf16` or `f32`.
        package internal(set) var precision = DType.f32
        package internal(set) var figures = Figures()
    }

    /// What the tape keeps of an operation for the way back.
    struct Work {
        /// The row of its way forward.
        let row: Int
        /// Which of the pass's operations it was part of.
        let call: Int
        let flopCount: Int
        let operandByteCount: Int
    }

    /// In the order in which they were first met.
    package private(set) var rows: [Row] = []
    /// From the beginning to `finish`; what the rows have adds up to it.
    package private(set) var nanoseconds = 0

    private struct Key: Hashable {
        let operation: String
        let place: Place
        let phase: Phase
    }

    private var places: [Key: Int] = [:]
    private var ownersOfSlots: [Int: ObjectIdentifier] = [:]
    private var ownersOfStorages: [ObjectIdentifier: ObjectIdentifier] = [:]
    private let begin = Reading()
    /// The end of what was measured last, or the beginning of what is measured now.
    private var mark = Reading()
    /// The row of the outermost operation that runs now.
    private var running: Int?
    private var callCount = 0
    private var lastBackwardCall = 0
    private var lastPlace = Place.part(.input)
    private var givenPart: Part?

    /// Begins: the step's time runs from here.
    package init() {}

    /// Ends the step: what no row has is one of its own, `rest`.
    package func finish() {
        let whole = Reading().since(begin)
        nanoseconds = whole.nanoseconds
        var rest = Figures()
        rest.callCount = 1
        rest.nanoseconds = whole.nanoseconds - rows.reduce(0) { $0 + $1.figures.nanoseconds }
        rest.reorderCount = whole.reorderCount - rows.reduce(0) { $0 + $1.figures.reorderCount }
        rows[row("elsewhere", .part(.rest), .other)].figures = rest
    }

    /// Runs something that is no operation of a pass, and notes it as a row.
    ///
    /// Within an operation its time is taken out of that operation's. `body` must not run operations itself.
    package func measure<R>(
        _ operation: String, in part: Part, _ phase: Phase, byteCount: Int = 0, _ body: () throws -> R
    ) rethrows -> R {
        let before = Reading()
        defer {
            let after = Reading()
            let own = after.since(before)
            add(own, byteCount: byteCount, to: row(operation, .part(part), phase))
            mark = running == nil ? after : mark.later(by: own)
        }
        return try body()
    }

    /// Runs operations that belong to a part of the step, whatever they take in.
    package func placing<R>(in part: Part, _ body: () throws -> R) rethrows -> R {
        let before = givenPart
        givenPart = part
        defer { givenPart = before }
        return try body()
    }
}

/// What a pass and its tape say.
extension StepProfile {
    /// A new pass: its slots have nothing to do with those of the one before.
    func beginPass() {
        (ownersOfSlots, ownersOfStorages) = ([:], [:])
        (lastPlace, lastBackwardCall) = (.part(.input), 0)
        mark = Reading()
    }

    /// A parameter comes in with a value; without a slot where it is frozen.
    func lift(_ parameter: Parameter, _ value: Tensor, to slot: Int?) {
        // A parameter keeps its storage alive, and nobody writes it during a pass.
        ownersOfStorages[ObjectIdentifier(value.storage)] = ObjectIdentifier(parameter)
        if let slot { ownersOfSlots[slot] = ObjectIdentifier(parameter) }
    }

    /// Runs an operation; one within another is part of that.
    func operation(_ name: String, on inputs: [Variable], _ body: () -> Variable) -> Variable {
        guard running == nil else { return body() }
        let row = row(name, place(of: inputs), .forward)
        callCount += 1
        running = row
        mark = Reading()
        let output = body()
        let end = Reading()
        running = nil
        let byteCount = Self.byteCount(from: inputs.map(\.tensor), to: [output.tensor])
        add(end.since(mark), byteCount: byteCount, to: row)
        mark = Reading()
        return output
    }

    /// A result is recorded: of the operation that runs, or of one that was not announced.
    func note(_ function: String, _ output: Tensor, from inputs: [Variable], multiplyAdds: Int) -> Work {
        let operands = inputs.map(\.tensor)
        let row = running ?? unannounced(function, output, from: inputs)
        if multiplyAdds > 0 {
            rows[row].figures.flopCount += 2 * multiplyAdds
            rows[row].precision = operands.first?.dtype == .bf16 ? .bf16 : .f32
        }
        // A product of two has one more for the gradient of each; what follows, a bias, has none.
        let productCount = inputs.prefix(2).count { $0.needsGradient }
        return Work(
            row: row, call: callCount, flopCount: 2 * multiplyAdds * productCount,
            operandByteCount: operands.reduce(0) { $0 + $1.byteCountInMemory })
    }

    /// What is made of one parameter alone, as a slice of it, stands for it.
    func own(_ slot: Int, from inputs: [Variable]) {
        let owners = inputs.map(owner)
        guard let first = owners.first, let owner = first, owners.allSatisfy({ $0 == owner }) else { return }
        ownersOfSlots[slot] = owner
    }

    /// A pullback is about to run.
    func beginBackward() {
        mark = Reading()
    }

    /// A pullback has run, and what it gave was taken in.
    func noteBackward(_ work: Work, upstream: [Tensor], gradients: [Gradient?]) {
        let forward = rows[work.row]
        let row = row(forward.operation, forward.place, .backward)
        let made = gradients.compactMap { gradient in
            switch gradient {
            case .dense(let tensor): tensor
            case .rows(let rows), .zeros(except: let rows): rows.values
            case nil: nil
            }
        }
        let moved = Self.byteCount(from: upstream, to: made)
        let byteCount = moved > 0 ? moved + work.operandByteCount : 0
        // What an operation recorded within itself, as casts, is one call of it.
        let isNewCall = lastBackwardCall != work.call
        lastBackwardCall = work.call
        rows[row].precision = forward.precision
        rows[row].figures.flopCount += work.flopCount
        add(Reading().since(mark), byteCount: byteCount, isNewCall: isNewCall, to: row)
    }

    private func unannounced(_ function: String, _ output: Tensor, from inputs: [Variable]) -> Int {
        let now = Reading()
        let row = row(Self.words(function), place(of: inputs), .forward)
        callCount += 1
        add(now.since(mark), byteCount: Self.byteCount(from: inputs.map(\.tensor), to: [output]), to: row)
        mark = Reading()
        return row
    }

    private func place(of inputs: [Variable]) -> Place {
        if let givenPart { return .part(givenPart) }
        if let owner = inputs.compactMap(owner).last { lastPlace = .layer(of: owner) }
        return lastPlace
    }

    private func owner(_ input: Variable) -> ObjectIdentifier? {
        input.slot.flatMap { ownersOfSlots[$0] } ?? ownersOfStorages[ObjectIdentifier(input.tensor.storage)]
    }

    private func row(_ operation: String, _ place: Place, _ phase: Phase) -> Int {
        let key = Key(operation: operation, place: place, phase: phase)
        if let known = places[key] { return known }
        places[key] = rows.count
        rows.append(Row(operation: operation, place: place, phase: phase))
        return rows.count - 1
    }

    private func add(_ span: Reading.Span, byteCount: Int, isNewCall: Bool = true, to row: Int) {
        rows[row].figures.callCount += isNewCall ? 1 : 0
        rows[row].figures.nanoseconds += span.nanoseconds
        rows[row].figures.reorderCount += span.reorderCount
        rows[row].figures.byteCount += byteCount
    }

    /// Bytes of what is read and what is made of it; none where everything handed on is what came in.
    private static func byteCount(from read: [Tensor], to written: [Tensor]) -> Int {
        let known = Set(read.map { ObjectIdentifier($0.storage) })
        let made = written.filter { !known.contains(ObjectIdentifier($0.storage)) }
        guard !made.isEmpty else { return 0 }
        return (read + made).reduce(0) { $0 + $1.byteCountInMemory }
    }

    /// `indexSelected(_:along:)` as "index selected".
    private static func words(_ function: String) -> String {
        function.prefix { $0 != "(" }.reduce(into: "") { text, letter in
            text += letter.isUppercase ? " " + letter.lowercased() : String(letter)
        }
    }
}

extension StepProfile? {
    /// Runs `body`, and notes it where there is a profile.
    package func measure<R>(
        _ operation: String, in part: StepProfile.Part, _ phase: StepProfile.Phase,
        byteCount: @autoclosure () -> Int = 0, _ body: () throws -> R
    ) rethrows -> R {
        guard let self else { return try body() }
        return try self.measure(operation, in: part, phase, byteCount: byteCount(), body)
    }

    /// Runs operations that belong to a part of the step, where there is a profile to know it.
    package func placing<R>(in part: StepProfile.Part, _ body: () throws -> R) rethrows -> R {
        guard let self else { return try body() }
        return try self.placing(in: part, body)
    }
}

/// The clock and the counter at one moment.
private struct Reading {
    /// From one moment to another.
    struct Span {
        let nanoseconds: Int
        let reorderCount: Int
    }

    private var time = ContinuousClock.now
    private var reorderCount = Reorders.count

    func since(_ earlier: Reading) -> Span {
        let (seconds, attoseconds) = earlier.time.duration(to: time).components
        return Span(
            nanoseconds: Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000),
            reorderCount: reorderCount - earlier.reorderCount)
    }

    func later(by span: Span) -> Reading {
        var later = self
        later.time += .nanoseconds(span.nanoseconds)
        later.reorderCount += span.reorderCount
        return later
    }
}

extension Tensor {
    fileprivate var byteCountInMemory: Int { elementCountInMemory * dtype.byteCount }
}
