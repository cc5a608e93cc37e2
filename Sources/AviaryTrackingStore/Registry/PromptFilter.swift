import AviarySearchGrammar
import AviaryTracking

/// What a filter says of prompts, which MLflow keeps among registered models.
///
/// A model that is no prompt lacks the tag that would say so. Hence MLflow overlooks what is compared with that tag and
/// leaves prompts out, unless the first such comparison asks for them: `= 'true'` or `!= 'false'`. Behind NOT, which
/// MLflow has not, their opposites ask for them.
struct PromptFilter<Test: Sendable> {
    /// The filter, to be asked of all models if it asks for prompts, else of those that are none.
    let tree: SearchTree<Test>
    let asksForPrompts: Bool

    /// - Parameters:
    ///   - tree: The whole filter.
    ///   - ifMissing: Fits what lacks the tag.
    ///   - tag: The key and the comparison of a test that is one of a tag.
    init(_ tree: SearchTree<Test>, ifMissing: Test, tag: (Test) -> (key: String, test: ValueTest)?) {
        func answers(_ test: Test) -> PromptAnswers? {
            tag(test).flatMap { $0.key == PromptTag.isPrompt ? PromptAnswers($0.test) : nil }
        }
        let asks = tree.testsWithSign().compactMap { test, isNegated in
            answers(test).map { $0.asksForPrompts(isNegated: isNegated) }
        }
        let asksForPrompts = asks.first ?? false
        self.asksForPrompts = asksForPrompts
        self.tree = tree.replacing { test, isNegated in
            guard let answers = answers(test) else { return nil }
            // What is overlooked is true where it stands: behind NOT that is a test which nothing fits.
            guard asksForPrompts else { return isNegated ? .any([]) : .everything }
            return answers.ofOthers == true ? .any([.test(test), .test(ifMissing)]) : nil
        }
    }
}

/// What a comparison with the tag says of prompts and of other models; `nil` where that is not looked into.
private struct PromptAnswers {
    let ofPrompts: Bool?
    /// As if they had the tag, saying no.
    let ofOthers: Bool?

    init(_ test: ValueTest) {
        ofPrompts = Self.answer(test, "true")
        ofOthers = Self.answer(test, "false")
    }

    func asksForPrompts(isNegated: Bool) -> Bool {
        ofPrompts == !isNegated && ofOthers == isNegated
    }

    private static func answer(_ test: ValueTest, _ value: String) -> Bool? {
        guard case .text(let test) = test else { return nil }
        return switch test {
        case .equal(let other): other.lowercased() == value
        case .notEqual(let other): other.lowercased() != value
        case .among(let others): others.contains { $0.lowercased() == value }
        case .notAmong(let others): !others.contains { $0.lowercased() == value }
        case .present: value == "true"
        case .missing: value == "false"
        case .like, .notLike, .matches, .notMatches: nil
        }
    }
}

extension SearchTree {
    /// All tests from left to right, and whether each stands behind NOT an odd number of times.
    fileprivate func testsWithSign(isNegated: Bool = false) -> [(test: Test, isNegated: Bool)] {
        switch self {
        case .test(let test): [(test, isNegated)]
        case .not(let part): part.testsWithSign(isNegated: !isNegated)
        case .all(let parts), .any(let parts): parts.flatMap { $0.testsWithSign(isNegated: isNegated) }
        }
    }

    /// The question with other questions in the place of some tests.
    fileprivate func replacing(
        isNegated: Bool = false, _ other: (Test, _ isNegated: Bool) -> SearchTree?
    ) -> SearchTree {
        switch self {
        case .test(let test): other(test, isNegated) ?? self
        case .not(let part): .not(part.replacing(isNegated: !isNegated, other))
        case .all(let parts): .all(parts.map { $0.replacing(isNegated: isNegated, other) })
        case .any(let parts): .any(parts.map { $0.replacing(isNegated: isNegated, other) })
        }
    }
}
