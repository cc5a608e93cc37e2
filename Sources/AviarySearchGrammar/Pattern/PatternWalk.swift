/// Walks over a text with all states at once that the automaton can be in.
struct PatternWalk {
    private let states: [PatternState]
    /// The scalar that a pattern without choice at its beginning begins with.
    private let first: Unicode.Scalar?
    /// Whether it begins with the beginning of the text, so that it begins nowhere else.
    private let isAnchored: Bool
    /// The states that waited for the scalar that is read.
    private var waiting: [Int] = []
    /// Those that wait for the one after it.
    private var next: [Int] = []
    /// For each state the place of the text at which it was entered last: once a place is enough.
    private var enteredAt: [Int]
    private var pending: [Int] = []

    init(_ states: [PatternState]) {
        self.states = states
        enteredAt = Array(repeating: -1, count: states.count)
        switch states[0] {
        case .scalar(let scalar): (first, isAnchored) = (scalar, false)
        case .textStart: (first, isAnchored) = (nil, true)
        default: (first, isAnchored) = (nil, false)
        }
    }

    /// Whether the pattern fits somewhere in the text; `check` is called every few hundred scalars.
    mutating func fits<Failure>(
        _ text: String, _ check: () throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        reset()
        var scalars = text.unicodeScalars.makeIterator()
        var scalar = scalars.next()
        var place = 0
        // The pattern may begin anywhere, hence the first state is entered at every place.
        var fits = enter(0, at: place, isTextEnd: scalar == nil)
        while !fits, let read = scalar {
            if isAnchored, next.isEmpty { return false }
            scalar = scalars.next()
            place += 1
            if place.isMultiple(of: 256) { try check() }
            if isUnmoved(by: read) { continue }
            fits = step(over: read, to: place, isTextEnd: scalar == nil)
        }
        return fits
    }

    private mutating func reset() {
        next.removeAll(keepingCapacity: true)
        pending.removeAll(keepingCapacity: true)
        for state in enteredAt.indices { enteredAt[state] = -1 }
    }

    /// Whether the pattern has not begun, and does not begin with this scalar: most of most texts.
    private func isUnmoved(by scalar: Unicode.Scalar) -> Bool {
        guard let first, first != scalar else { return false }
        return next.count == 1 && next[0] == 0
    }

    private mutating func step(over scalar: Unicode.Scalar, to place: Int, isTextEnd: Bool) -> Bool {
        swap(&waiting, &next)
        next.removeAll(keepingCapacity: true)
        for state in waiting where takes(states[state], scalar) {
            if enter(state + 1, at: place, isTextEnd: isTextEnd) { return true }
        }
        return enter(0, at: place, isTextEnd: isTextEnd)
    }

    private func takes(_ state: PatternState, _ scalar: Unicode.Scalar) -> Bool {
        switch state {
        case .scalar(let wanted): wanted == scalar
        case .set(let set): set.contains(scalar)
        case .textStart, .textEnd, .fork, .jump, .fits: false
        }
    }

    /// Enters a state and all that follow from it without reading; whether the pattern fits then.
    private mutating func enter(_ state: Int, at place: Int, isTextEnd: Bool) -> Bool {
        pending.append(state)
        while let state = pending.popLast() {
            guard enteredAt[state] != place else { continue }
            enteredAt[state] = place
            switch states[state] {
            case .scalar, .set: next.append(state)
            case .textStart: if place == 0 { pending.append(state + 1) }
            case .textEnd: if isTextEnd { pending.append(state + 1) }
            case .fork(let other):
                pending.append(other)
                pending.append(state + 1)
            case .jump(let target): pending.append(target)
            case .fits: return true
            }
        }
        return false
    }
}
