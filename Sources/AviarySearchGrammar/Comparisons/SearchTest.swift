/// One comparison of a filter.
package protocol SearchTest: Sendable {
    /// Of all texts that it compares with.
    var byteCount: Int { get }
}

extension SearchTree where Test: SearchTest {
    /// Whether it may ask for much work: then a search has less time for it (`SearchLimits`).
    package var isLarge: Bool {
        let tests = tests
        return tests.count > SearchLimits.ordinaryComparisons
            || tests.reduce(0) { $0 + $1.byteCount } > SearchLimits.ordinaryBytes
    }
}

extension TextTest {
    var byteCount: Int {
        switch self {
        case .equal(let text), .notEqual(let text): text.utf8.count
        case .like(let pattern, _), .notLike(let pattern, _): pattern.utf8.count
        case .among(let texts), .notAmong(let texts): texts.reduce(0) { $0 + $1.utf8.count }
        case .matches(let pattern), .notMatches(let pattern): pattern.source.utf8.count
        case .present, .missing: 0
        }
    }
}

extension IdentifierTest {
    var byteCount: Int {
        switch self {
        case .among(let numbers), .notAmong(let numbers): numbers.count * 8
        }
    }
}

extension ValueTest {
    var byteCount: Int {
        switch self {
        case .text(let test): test.byteCount
        case .number: 0
        }
    }
}

extension RunTest: SearchTest {
    package var byteCount: Int {
        switch self {
        case .param(_, let test), .tag(_, let test): test.byteCount
        case .text(_, let test), .dataset(_, let test): test.byteCount
        case .metric, .time, .duration: 0
        }
    }
}

extension ExperimentTest: SearchTest {
    package var byteCount: Int {
        switch self {
        case .name(let test): test.byteCount
        case .tag(_, let test): test.byteCount
        case .id(let test): test.byteCount
        case .time: 0
        }
    }
}

extension RegisteredModelTest: SearchTest {
    package var byteCount: Int {
        switch self {
        case .name(let test): test.byteCount
        case .tag(_, let test): test.byteCount
        case .time: 0
        }
    }
}

extension ModelVersionTest: SearchTest {
    package var byteCount: Int {
        switch self {
        case .text(_, let test): test.byteCount
        case .tag(_, let test): test.byteCount
        case .number, .time: 0
        }
    }
}

extension LoggedModelTest: SearchTest {
    package var byteCount: Int {
        switch self {
        case .text(_, let test): test.byteCount
        case .param(_, let test), .tag(_, let test): test.byteCount
        case .experiment(let test): test.byteCount
        case .time, .metric: 0
        }
    }
}
