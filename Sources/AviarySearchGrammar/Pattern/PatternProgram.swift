/// One state of the automaton that a pattern becomes.
enum PatternState: Sendable {
    /// Waits for this scalar, then goes on with the next state.
    case scalar(Unicode.Scalar)
    case set(ScalarSet)
    /// Goes on with the next state at the beginning of the text.
    case textStart
    case textEnd
    /// Goes on with the next state and with another.
    case fork(Int)
    case jump(Int)
    case fits
}

/// Writes the tree of a pattern down as states, repeating what is repeated.
struct PatternProgram {
    private var states: [PatternState] = []

    static func states(of node: PatternNode) throws(SearchPatternError) -> [PatternState] {
        var program = PatternProgram()
        try program.write(node)
        try program.append(.fits)
        return program.states
    }

    /// Every node writes a state, even the empty one: so the limit ends any nest of repetitions early.
    private mutating func append(_ state: PatternState) throws(SearchPatternError) {
        guard states.count < SearchPattern.stateLimit else {
            let problem = "written out it has more than \(SearchPattern.stateLimit) states"
            throw SearchPatternError(position: 1, problem: problem)
        }
        states.append(state)
    }

    private mutating func write(_ node: PatternNode) throws(SearchPatternError) {
        switch node {
        case .empty: try append(.jump(states.count + 1))
        case .scalar(let scalar): try append(.scalar(scalar))
        case .set(let set): try append(.set(set))
        case .textStart: try append(.textStart)
        case .textEnd: try append(.textEnd)
        case .sequence(let parts): for part in parts { try write(part) }
        case .choice(let choices): try write(choices)
        case .repetition(let part, let least, let most): try write(part, least: least, most: most)
        }
    }

    private mutating func write(_ choices: [PatternNode]) throws(SearchPatternError) {
        var jumps: [Int] = []
        for choice in choices.dropLast() {
            let fork = states.count
            try append(.fork(0))
            try write(choice)
            jumps.append(states.count)
            try append(.jump(0))
            states[fork] = .fork(states.count)
        }
        if let last = choices.last { try write(last) }
        for jump in jumps { states[jump] = .jump(states.count) }
    }

    private mutating func write(_ part: PatternNode, least: Int, most: Int?) throws(SearchPatternError) {
        if most == 0 { return try append(.jump(states.count + 1)) }
        for _ in 0..<least { try write(part) }
        guard let most else { return try writeLoop(part) }
        var forks: [Int] = []
        for _ in least..<most {
            forks.append(states.count)
            try append(.fork(0))
            try write(part)
        }
        for fork in forks { states[fork] = .fork(states.count) }
    }

    private mutating func writeLoop(_ part: PatternNode) throws(SearchPatternError) {
        let fork = states.count
        try append(.fork(0))
        try write(part)
        try append(.jump(fork))
        states[fork] = .fork(states.count)
    }
}
