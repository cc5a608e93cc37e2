import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore

/// What the store's searches should say, worked out one thing after another.
enum PlainSearch {
    static func runs(_ all: [LinkedRun], _ question: RunQuestion) -> [RunID] {
        let fitting = all.filter { found in
            question.experiments?.contains(found.run.experimentID) ?? true
                && fits(found.run.isDeleted, question.lifecycle)
                && question.filter.holds { holds($0, of: found) }
        }
        return fitting.sorted { isBefore($0.run, $1.run, question.order) }.map(\.run.id)
    }

    static func fits(_ isDeleted: Bool, _ lifecycle: Lifecycle) -> Bool {
        switch lifecycle {
        case .active: !isDeleted
        case .deleted: isDeleted
        case .any: true
        }
    }

    // MARK: - Tests

    private static func holds(_ test: RunTest, of found: LinkedRun) -> Bool {
        let run = found.run
        switch test {
        case .metric(let key, let test): return holds(test, run.metrics[key]?.last)
        case .param(let key, let test): return holds(test, run.params[key])
        case .tag("mlflow.runName", let test): return holds(test, run.name)
        case .tag(let key, let test): return holds(test, run.tags[key])
        case .text(let text, let test): return holds(test, self.text(text, of: run))
        case .time(.start, let test): return holds(test, run.startTime.milliseconds)
        case .time(.end, let test): return holds(test, run.endTime?.milliseconds)
        case .duration(let test): return holds(test, duration(of: run))
        case .dataset(let text, let test):
            let texts = found.links.datasets.compactMap { self.text(text, of: $0) }
            return test == .missing ? texts.isEmpty : texts.contains { holds(test, $0) }
        }
    }

    static func holds(_ test: ValueTest, _ value: String?) -> Bool {
        switch test {
        case .text(let test): return holds(test, value)
        case .number(let comparator, let number):
            guard let value, let mine = Double(value), !mine.isNaN else { return false }
            return holds(comparator, mine, number)
        }
    }

    static func holds(_ test: TextTest, _ text: String?) -> Bool {
        guard let text else { return test == .missing }
        return switch test {
        case .equal(let other): text == other
        case .notEqual(let other): text != other
        case .like(let pattern, let ignoringCase): like(text, pattern, ignoringCase)
        case .notLike(let pattern, let ignoringCase): !like(text, pattern, ignoringCase)
        case .among(let others): others.contains(text)
        case .notAmong(let others): !others.contains(text)
        case .matches(let pattern): pattern.matches(text)
        case .notMatches(let pattern): !pattern.matches(text)
        case .present: true
        case .missing: false
        }
    }

    static func holds<Value: Comparable>(_ test: QuantityTest<Value>, _ value: Value?) -> Bool {
        guard let value else { return test == .missing }
        return switch test {
        case .compare(let comparator, let other): holds(comparator, value, other)
        case .present: true
        case .missing: false
        }
    }

    private static func holds<Value: Comparable>(_ how: Comparator, _ left: Value, _ right: Value) -> Bool {
        switch how {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    private static func like(_ text: String, _ pattern: String, _ ignoringCase: Bool) -> Bool {
        let scalars = Array((ignoringCase ? text.lowercased() : text).unicodeScalars)
        return like(scalars[...], Array((ignoringCase ? pattern.lowercased() : pattern).unicodeScalars)[...])
    }

    private static func like(
        _ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>
    ) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "%" {
            return (text.startIndex...text.endIndex).contains { like(text[$0...], pattern.dropFirst()) }
        }
        guard let next = text.first, first == "_" || first == next else { return false }
        return like(text.dropFirst(), pattern.dropFirst())
    }

    // MARK: - Values

    private static func text(_ text: RunText, of run: Run) -> String {
        switch text {
        case .id: run.id.description
        case .name: run.name
        case .userID: run.user
        case .status: run.status.rawValue
        case .artifactURI: run.artifactLocation
        }
    }

    private static func text(_ text: DatasetText, of input: DatasetInput) -> String? {
        switch text {
        case .name: input.dataset.name
        case .digest: input.dataset.digest
        case .context: input.tags["mlflow.data.context"]
        }
    }

    private static func duration(of run: Run) -> Int64? {
        run.endTime.map { $0.milliseconds - run.startTime.milliseconds }
    }

    // MARK: - Order

    /// What a run has under a key of an order: numbers and texts, then NaN, then nothing.
    private enum Place {
        case number(Double)
        case text(String)
        case nan
        case nothing

        var rank: Int {
            switch self {
            case .number, .text: 0
            case .nan: 1
            case .nothing: 2
            }
        }
    }

    private static func isBefore(_ left: Run, _ right: Run, _ order: [SearchOrder<RunField>]) -> Bool {
        for key in order {
            let (mine, other) = (place(key.field, of: left), place(key.field, of: right))
            guard mine.rank == other.rank else { return mine.rank < other.rank }
            switch (mine, other) {
            case (.number(let mine), .number(let other)) where mine != other:
                return (mine < other) == key.isAscending
            case (.text(let mine), .text(let other)) where mine != other:
                return mine.utf8.lexicographicallyPrecedes(other.utf8) == key.isAscending
            default: continue
            }
        }
        if left.startTime != right.startTime { return left.startTime > right.startTime }
        return left.id < right.id
    }

    private static func place(_ field: RunField, of run: Run) -> Place {
        switch field {
        case .metric(let key):
            guard let value = run.metrics[key]?.last else { return .nothing }
            return value.isNaN ? .nan : .number(value)
        case .param(let key): return run.params[key].map { .text($0) } ?? .nothing
        case .tag("mlflow.runName"): return .text(run.name)
        case .tag(let key): return run.tags[key].map { .text($0) } ?? .nothing
        case .text(let text): return .text(self.text(text, of: run))
        case .time(.start): return .number(Double(run.startTime.milliseconds))
        case .time(.end): return run.endTime.map { .number(Double($0.milliseconds)) } ?? .nothing
        case .duration: return duration(of: run).map { .number(Double($0)) } ?? .nothing
        }
    }
}
