import AviarySearchGrammar
import GRDB

/// What one search reads of runs, all in one transaction.
struct RunReading {
    let slots: RunSlots
    let deadline: Deadline
    let db: Database
    private let columns: RunColumns

    init(_ columns: RunColumns, _ deadline: Deadline, _ db: Database) throws {
        (self.columns, self.deadline, self.db) = (columns, deadline, db)
        slots = try columns.slots(db)
    }

    func column<Name: RunColumnName>(_ name: Name) throws -> Name.Column {
        try columns.column(name, of: slots, db)
    }

    /// Reads the columns that a question needs, as far as there is time; what was read stays in memory.
    func readAll(of question: RunQuestion) throws {
        let names =
            question.filter.tests.compactMap(\.columnName) + question.order.compactMap(\.field.columnName)
        for name in names {
            try deadline.check()
            _ = try column(name)
        }
    }

    /// Gives the text of each run that has one to `body`, and whether it is another than the one before.
    ///
    /// For texts that are too many for memory; of equal ones most stand side by side, and all of them if they come
    /// in their order.
    func scan(
        _ name: TextColumnName, inOrder: Bool = false,
        _ body: (_ slot: Int, _ text: ArraySlice<UInt8>, _ isNew: Bool) throws -> Void
    ) throws {
        var before: [UInt8] = []
        var isFirst = true
        var byteCount = slots.count * TextColumn.byteCountOfCode
        let rows = RunColumnRows(source: name.source, revision: nil, slots: slots, db: db)
        try rows.texts(inOrder: inOrder) { slot, text in
            let isNew = isFirst || !before.elementsEqual(text)
            isFirst = false
            if isNew {
                before.replaceSubrange(before.indices, with: text)
                byteCount += text.count + TextColumn.byteCountOfText
            }
            try body(slot, before[...], isNew)
            return true
        }
        columns.note(byteCount, of: name)
    }
}
