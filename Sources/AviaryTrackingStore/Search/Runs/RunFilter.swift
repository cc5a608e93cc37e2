import AviarySearchGrammar
import AviaryTracking
import GRDB

/// Finds the runs that fit a filter, a column at a time.
struct RunFilter {
    let reading: RunReading

    private var slots: RunSlots { reading.slots }
    private var deadline: Deadline { reading.deadline }

    /// Those among some that fit.
    func fitting(_ tree: SearchTree<RunTest>, among candidates: SlotSet) throws -> SlotSet {
        try tree.slots(among: candidates) { test, candidates in
            try deadline.check()
            return try fitting(test, among: candidates)
        }
    }

    private func fitting(_ test: RunTest, among candidates: SlotSet) throws -> SlotSet {
        switch test {
        case .metric(let key, let test):
            return fitting(test, in: try reading.column(IntegerColumnName.metric(ExactKey(key))), candidates)
        case .param(let key, .text(let test)): return try fitting(test, of: .param(ExactKey(key)), candidates)
        case .tag(let key, .text(let test)): return try fitting(test, of: .tag(ExactKey(key)), candidates)
        case .text(let text, let test): return try fitting(test, of: .text(text), candidates)
        case .param(let key, .number(let comparator, let number)):
            return fitting(
                comparator, number, in: try reading.column(NumberColumnName.param(ExactKey(key))), candidates)
        case .tag(let key, .number(let comparator, let number)):
            return fitting(
                comparator, number, in: try reading.column(NumberColumnName.tag(ExactKey(key))), candidates)
        case .time(.start, let test): return candidates.filter { test.holds(slots.startTimes[$0]) }
        case .time(.end, let test):
            let ends = try reading.column(IntegerColumnName.endTime)
            return candidates.filter { test.holds(ends[$0]) }
        case .duration(let test):
            let ends = try reading.column(IntegerColumnName.endTime)
            // Only a clock millions of years off would wrap.
            return candidates.filter { slot in test.holds(ends[slot].map { $0 &- slots.startTimes[slot] }) }
        case .dataset(let text, let test): return try fitting(test, of: text, candidates)
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

    // MARK: - Texts

    private func fitting(
        _ test: TextTest, of name: TextColumnName, _ candidates: SlotSet
    ) throws -> SlotSet {
        switch try reading.column(name) {
        case .inMemory(let column): try fitting(test, in: column, candidates)
        case .tooLarge: try fitting(test, scanning: name, candidates)
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
        _ test: TextTest, scanning name: TextColumnName, _ candidates: SlotSet
    ) throws -> SlotSet {
        // What lacks the text is what does not have any.
        let matcher = TextMatcher(test == .missing ? .present : test)
        var found = candidates.none
        var answer: Bool?
        try reading.scan(name) { slot, text, isNew in
            if isNew { answer = nil }
            guard candidates.contains(slot) else { return }
            let fits = try answer ?? matcher.fits(text, deadline)
            answer = fits
            if fits { found.insert(slot) }
        }
        return test == .missing ? candidates.subtracting(found) : found
    }

    private func fitting(
        _ test: TextTest, of text: DatasetText, _ candidates: SlotSet
    ) throws -> SlotSet {
        var found = candidates.none
        // What lacks the text is what does not have it.
        for run in try DatasetRunsQuery.runs(text, test == .missing ? .present : test, reading.db) {
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
