/// One comparison of a filter.
package protocol SearchTest: Sendable {
    /// About how much work it asks for (`SearchWeight`).
    var weight: Int { get }
}

/// How much work the parts of a filter ask for, measured by what they cost over many things that differ.
package enum SearchWeight {
    /// Of numbers, or of texts as they are.
    package static let comparison = 5
    /// A list is looked up once its texts are gathered, which takes as long as they are.
    package static let bytesOfList = 80
    /// It is held against every place of a text, a long one against more of it.
    package static let like = 20
    package static let bytesOfLike = 16
    /// All its states go over every text.
    package static let pattern = 30
    package static let statesOfPattern = 2
    /// It turns over the answer for everything; a filter nested deeply is kept short of time like a long one.
    package static let not = 5
}

extension SearchTree where Test: SearchTest {
    /// Whether it may ask for much work: then a search has less time for it (`SearchLimits`).
    package var isLarge: Bool { weight > SearchLimits.ordinaryWeight }

    private var weight: Int {
        switch self {
        case .test(let test): test.weight
        case .not(let part): SearchWeight.not + part.weight
        case .all(let parts), .any(let parts): parts.reduce(0) { $0 + $1.weight }
        }
    }
}

extension TextTest {
    fileprivate var weight: Int {
        switch self {
        case .equal, .notEqual, .present, .missing: SearchWeight.comparison
        case .among(let texts), .notAmong(let texts):
            SearchWeight.comparison + texts.reduce(0) { $0 + $1.utf8.count } / SearchWeight.bytesOfList
        case .like(let pattern, _), .notLike(let pattern, _):
            SearchWeight.like + pattern.utf8.count / SearchWeight.bytesOfLike
        case .matches(let pattern), .notMatches(let pattern):
            SearchWeight.pattern + pattern.stateCount / SearchWeight.statesOfPattern
        }
    }
}

extension ValueTest {
    fileprivate var weight: Int {
        switch self {
        case .text(let test): test.weight
        case .number: SearchWeight.comparison
        }
    }
}

extension RunTest: SearchTest {
    package var weight: Int {
        switch self {
        case .param(_, let test), .tag(_, let test): test.weight
        case .text(_, let test), .dataset(_, let test): test.weight
        case .metric, .time, .duration: SearchWeight.comparison
        }
    }
}

extension ExperimentTest: SearchTest {
    package var weight: Int {
        switch self {
        case .name(let test): test.weight
        case .tag(_, let test): test.weight
        case .id, .time: SearchWeight.comparison
        }
    }
}

extension RegisteredModelTest: SearchTest {
    package var weight: Int {
        switch self {
        case .name(let test): test.weight
        case .tag(_, let test): test.weight
        case .time: SearchWeight.comparison
        }
    }
}

extension ModelVersionTest: SearchTest {
    package var weight: Int {
        switch self {
        case .text(_, let test): test.weight
        case .tag(_, let test): test.weight
        case .number, .time: SearchWeight.comparison
        }
    }
}

extension LoggedModelTest: SearchTest {
    package var weight: Int {
        switch self {
        case .text(_, let test): test.weight
        case .param(_, let test), .tag(_, let test): test.weight
        case .experiment, .time, .metric: SearchWeight.comparison
        }
    }
}
