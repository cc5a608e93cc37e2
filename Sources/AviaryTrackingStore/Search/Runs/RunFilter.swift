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
        switch test {
        case .metric(let key, let test):
            return fitting(test, in: try integers(.metric(key)), candidates)
        case .param(let key, .text(let test)): return try fitting(test, in: .param(key), candidates)
        case .tag(let key, .text(let test)): return try fitting(test, in: .tag(key), candidates)
        case .text(let text, let test): return try fitting(test, in: .text(text), candidates)
        case .param(let key, .number(let comparator, let number)):
            return try fitting(comparator, number, in: .paramNumber(key), candidates)
        case .tag(let key, .number(let comparator, let number)):
            return try fitting(comparator, number, in: .tagNumber(key), candidates)
        case .time(.start, let test):
            return candidates.filter { test.holds(slots.startTimes[$0]) }
        case .time(.end, let test):
            let column = try integers(.endTime)
            return candidates.filter { test.holds(column[$0]) }
        case .duration(let test):
            let column = try integers(.endTime)
            return candidates.filter { slot in
                // Only a clock millions of years off would wrap.
                test.holds(column[slot].map { $0 &- slots.startTimes[slot] })
            }
        case .dataset(let text, let test):
            return try fitting(text, test, candidates)
        }
    }

    // MARK: - Kinds of columns

    private func integers(_ name: RunColumnName) throws -> IntegerColumn {
        try columns.column(name, of: slots, db).integers
    }

    /// A test of a metric by its image (`OrderedBits`), among which NaN is below all numbers and fits `!=` alone.
    private func fitting(
        _ test: NumberTest, in column: IntegerColumn, _ candidates: SlotSet
    ) -> SlotSet {
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
        _ comparator: Comparator, _ number: Double, in name: RunColumnName, _ candidates: SlotSet
    ) throws -> SlotSet {
        let column = try columns.column(name, of: slots, db).numbers
        return candidates.filter { slot in
            let value = column.values[slot]
            return !value.isNaN && comparator.holds(value, number)
        }
    }

    private func fitting(
        _ test: TextTest, in name: RunColumnName, _ candidates: SlotSet
    ) throws -> SlotSet {
        let column = try columns.column(name, of: slots, db).texts
        if test == .missing { return candidates.filter { column.codes[$0] == TextColumn.noCode } }
        let matcher = TextMatcher(test)
        var answers = [Bool?](repeating: nil, count: column.codeCount)
        var askedCount = 0
        return try candidates.filter { slot in
            let code = column.codes[slot]
            guard code != TextColumn.noCode else { return false }
            if let answer = answers[Int(code)] { return answer }
            askedCount += 1
            if askedCount.isMultiple(of: 1024) { try deadline.check() }
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

extension SlotSet {
    /// None of as many slots.
    fileprivate var none: SlotSet { SlotSet(slotCount: slotCount) }
}

extension IntegerColumn {
    /// The value of a slot, if it has one.
    fileprivate subscript(slot: Int) -> Int64? { present.contains(slot) ? values[slot] : nil }
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
