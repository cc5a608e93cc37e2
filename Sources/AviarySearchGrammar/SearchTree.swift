/// A question put together from tests with AND, OR and NOT.
///
/// A test is true or false, never unknown: what lacks the key of a comparison does not fit it, so `not` of
/// that comparison fits.
package indirect enum SearchTree<Test> {
    case test(Test)
    case not(SearchTree)
    /// True if every part is; true without parts.
    case all([SearchTree])
    /// True if some part is.
    case any([SearchTree])
}

extension SearchTree: Sendable where Test: Sendable {}
extension SearchTree: Equatable where Test: Equatable {}

extension SearchTree {
    /// Fits anything: what an empty filter asks.
    package static var everything: SearchTree { .all([]) }

    /// All tests, from left to right.
    package var tests: [Test] {
        switch self {
        case .test(let test): [test]
        case .not(let part): part.tests
        case .all(let parts), .any(let parts): parts.flatMap(\.tests)
        }
    }

    /// The same question with every test replaced.
    package func map<Other, Failure>(
        _ transform: (Test) throws(Failure) -> Other
    ) throws(Failure) -> SearchTree<Other> {
        switch self {
        case .test(let test): return .test(try transform(test))
        case .not(let part): return .not(try part.map(transform))
        case .all(let parts): return .all(try Self.map(parts, transform))
        case .any(let parts): return .any(try Self.map(parts, transform))
        }
    }

    private static func map<Other, Failure>(
        _ parts: [SearchTree], _ transform: (Test) throws(Failure) -> Other
    ) throws(Failure) -> [SearchTree<Other>] {
        var mapped: [SearchTree<Other>] = []
        for part in parts { mapped.append(try part.map(transform)) }
        return mapped
    }

    /// The answer, given the answer of every test.
    package func holds(_ answer: (Test) -> Bool) -> Bool {
        switch self {
        case .test(let test): answer(test)
        case .not(let part): !part.holds(answer)
        case .all(let parts): parts.allSatisfy { $0.holds(answer) }
        case .any(let parts): parts.contains { $0.holds(answer) }
        }
    }
}
