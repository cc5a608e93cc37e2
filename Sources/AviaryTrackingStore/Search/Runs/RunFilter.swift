import AviarySearchGrammar
import GRDB

/// Finds the runs that fit a filter, a column at a time.
struct RunFilter {
    let columns: RunColumns
    let slots: RunSlots
    let deadline: Deadline
    let db: Database

    /// Those among some that fit.
    func fitting(_ tree: SearchTree<RunTest>, among candidates: SlotSet) throws -> SlotSet {
        guard !candidates.isEmpty else { return candidates }
        switch tree {
        case .test(let test):
            try deadline.check()
            return try fitting(test, among: candidates)
        case .not(let part):
            return candidates.subtracting(try fitting(part, among: candidates))
        case .all(let parts):
            return try parts.reduce(candidates) { try fitting($1, among: $0) }
        case .any(let parts):
            var rest = candidates
            for part in parts { rest.subtract(try fitting(part, among: rest)) }
            return candidates.subtracting(rest)
        }
    }

    private func fitting(_ test: RunTest, among candidates: SlotSet) throws -> SlotSet {
        guard let name = RunColumnName(test) else {
            switch test {
            case .dataset(let text, let test): return try fitting(text, test, candidates)
            case .time(_, let test): return candidates.filter { test.holds(slots.startTimes[$0]) }
            default: fatalError("a test of runs looks at no column")
            }
        }
        let column = try columns.column(name, of: slots, db)
        switch test {
        case .metric(_, let test): return fitting(test, in: column.integers, candidates)
        case .param(_, .text(let test)), .tag(_, .text(let test)), .text(_, let test), .dataset(_, let test):
            return try fitting(test, in: column.texts, candidates)
        case .param(_, .number(let comparator, let number)), .tag(_, .number(let comparator, let number)):
            return fitting(comparator, number, in: column.numbers, candidates)
        case .time(_, let test):
            let ends = column.integers
            return candidates.filter { test.holds(ends[$0]) }
        case .duration(let test):
            let ends = column.integers
            return candidates.filter { slot in
                // Only a clock millions of years off would wrap.
                test.holds(ends[slot].map { $0 &- slots.startTimes[slot] })
            }
        }
    }

    // MARK: - Kinds of columns

    /// A test of a metric by its image (`OrderedBits`), among which NaN is below all numbers and fits `!=` alone.
    private func fitting(
        _ test: NumberTest, in column: IntegerColumn, _ candidates: SlotSet
    ) -> SlotSet {
        guard !column.isEmpty else { return test == .missing ? candidates : candidates.none }
        switch test {
        case .missing: return candidates.subtracting(column.present)
        case .present: return candidates.intersection(column.present)
        case .compare(let comparator, let number):
            let candidates = candidates.intersection(column.present)
            guard !number.isNaN else { return comparator == .notEqual ? candidates : candidates.none }
            let image = OrderedBits.image(of: number)
            let isForLess = comparator == .less || comparator == .lessOrEqual
            return candidates.filter { slot in
                let value = column.values[slot]
                return comparator.holds(value, image) && !(isForLess && value == OrderedBits.nan)
            }
        }
    }

    private func fitting(
        _ comparator: Comparator, _ number: Double, in column: NumberColumn, _ candidates: SlotSet
    ) -> SlotSet {
        guard !column.isEmpty else { return candidates.none }
        return candidates.filter { slot in
            let value = column.values[slot]
            return !value.isNaN && comparator.holds(value, number)
        }
    }

    private func fitting(
        _ test: TextTest, in column: TextColumn, _ candidates: SlotSet
    ) throws -> SlotSet {
        guard !column.isEmpty else { return test == .missing ? candidates : candidates.none }
        if test == .missing { return candidates.filter { column.codes[$0] == TextColumn.noCode } }
        let matcher = TextMatcher(test)
        var answers = [Bool?](repeating: nil, count: column.codeCount)
        var askedCount = 0
        return try candidates.filter { slot in
            let code = column.codes[slot]
            guard code != TextColumn.noCode else { return false }
            if let answer = answers[Int(code)] { return answer }
            askedCount += 1
            if askedCount.isMultiple(of: 64) { try deadline.check() }
            let answer = try matcher.fits(column.text(code), deadline)
            answers[Int(code)] = answer
            return answer
        }
    }

    private func fitting(
        _ text: DatasetText, _ test: TextTest, _ candidates: SlotSet
    ) throws -> SlotSet {
        var found = candidates.none
        // What lacks the text is what does not have it.
        for run in try DatasetRunsQuery.runs(text, test == .missing ? .present : test, db) {
            if let slot = slots.slot(of: run) { found.insert(slot) }
        }
        return test == .missing ? candidates.subtracting(found) : candidates.intersection(found)
    }
}

extension QuantityTest<Int64> {
    fileprivate func holds(_ value: Int64?) -> Bool {
        guard let value else { return self == .missing }
        return switch self {
        case .compare(let comparator, let other): comparator.holds(value, other)
        case .present: true
        case .missing: false
        }
    }
}

extension Comparator {
    @inline(__always)
    fileprivate func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}
