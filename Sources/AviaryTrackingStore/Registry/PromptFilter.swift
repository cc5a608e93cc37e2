import AviarySearchGrammar
import AviaryTracking
import GRDB

/// What a filter says of prompts, which MLflow keeps among registered models.
///
/// A model that is no prompt lacks the tag that would say so. Hence MLflow overlooks what is compared with that tag and
/// leaves prompts out, unless the first such comparison asks for them: `= 'true'` or `!= 'false'`.
struct PromptFilter<Test: Sendable> {
    /// The filter without what is overlooked.
    let tree: SearchTree<Test>
    let asksForPrompts: Bool

    /// - Parameters:
    ///   - tree: The whole filter.
    ///   - tag: The key and the comparison of a test that is one of a tag.
    init(_ tree: SearchTree<Test>, tag: (Test) -> (key: String, test: TextTest)?) {
        let first = tree.tests.lazy.compactMap(tag).first { $0.key == PromptTag.isPrompt }
        asksForPrompts =
            switch first?.test {
            case .equal(let value): value.lowercased() == "true"
            case .notEqual(let value): value.lowercased() == "false"
            default: false
            }
        self.tree = asksForPrompts ? tree : tree.without { tag($0)?.key == PromptTag.isPrompt }
    }
}

extension SearchTree {
    /// The question with some tests taken for true.
    fileprivate func without(_ isOverlooked: (Test) -> Bool) -> SearchTree {
        switch self {
        case .test(let test): isOverlooked(test) ? .everything : self
        case .not(let part): .not(part.without(isOverlooked))
        case .all(let parts): .all(parts.map { $0.without(isOverlooked) })
        case .any(let parts): .any(parts.map { $0.without(isOverlooked) })
        }
    }
}
