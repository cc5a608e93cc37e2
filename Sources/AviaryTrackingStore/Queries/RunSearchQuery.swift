import AviarySearchGrammar
import GRDB

/// Finds the runs that fit a filter, in an order.
enum RunSearchQuery {
    /// The rows of one page, and one more if more follow.
    static func rows(
        _ question: RunQuestion, _ columns: RunColumns, _ deadline: Deadline, _ db: Database
    ) throws -> [Int64] {
        let reading = try RunReading(columns, deadline, db)
        let slots = reading.slots
        let found = try RunFilter(reading: reading)
            .fitting(question.filter, among: candidates(question, slots))
        guard !found.isEmpty else { return [] }
        let (count, overflow) = question.offset.addingReportingOverflow(question.limit + 1)
        let first = try RunSorting(question.order, reading).first(overflow ? Int.max : count, of: found)
        return first.dropFirst(question.offset).map { slots.ids[Int($0)] }
    }

    private static func candidates(_ question: RunQuestion, _ slots: RunSlots) -> SlotSet {
        let inExperiments = self.inExperiments(question, slots)
        return switch question.lifecycle {
        case .active: inExperiments.subtracting(slots.deleted)
        case .deleted: inExperiments.intersection(slots.deleted)
        case .any: inExperiments
        }
    }

    private static func inExperiments(_ question: RunQuestion, _ slots: RunSlots) -> SlotSet {
        guard let experiments = question.experiments.map({ Set($0) }) else {
            return SlotSet(slotCount: slots.count, all: true)
        }
        guard experiments.count == 1, let only = experiments.first else {
            return SlotSet(slotCount: slots.count) { experiments.contains(slots.experiments[$0]) }
        }
        return SlotSet(slotCount: slots.count) { slots.experiments[$0] == only }
    }
}
