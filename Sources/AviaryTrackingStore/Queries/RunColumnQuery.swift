import AviarySearchGrammar
import GRDB

/// Reads one value of every run, or of those that changed.
enum RunColumnQuery {
    static func column(_ name: RunColumnName, of slots: RunSlots, _ db: Database) throws -> RunColumn {
        let filling = RunColumnFilling(source: RunColumnSource(name), revision: nil, slots: slots, db: db)
        switch name {
        case .metric, .endTime: return .integers(try filling.fill(IntegerColumn()))
        case .paramNumber, .tagNumber: return .numbers(try filling.fill(NumberColumn()))
        case .param, .tag, .text: return .texts(try filling.fill(TextColumn()))
        }
    }

    /// The column with the values that runs have now which changed after a revision.
    static func updated(
        _ column: RunColumn, _ name: RunColumnName, since revision: Int64, of slots: RunSlots, _ db: Database
    ) throws -> RunColumn {
        let changed = try changedSlots(since: revision, of: slots, db)
        guard !changed.isEmpty else { return column }
        guard changed.count <= RunSlotsQuery.limit(of: slots) else {
            return try self.column(name, of: slots, db)
        }
        let filling = RunColumnFilling(
            source: RunColumnSource(name), revision: revision, slots: slots, db: db)
        switch column {
        case .integers(let column): return .integers(try filling.fill(column.without(changed, slots)))
        case .numbers(let column): return .numbers(try filling.fill(column.without(changed, slots)))
        case .texts(let column):
            // Every change leaves a text behind: at some point it is better to begin anew.
            guard column.codeCount + changed.count <= 2 * slots.count + 1000 else {
                return try self.column(name, of: slots, db)
            }
            return .texts(try filling.fill(column.without(changed, slots)))
        }
    }

    private static func changedSlots(
        since revision: Int64, of slots: RunSlots, _ db: Database
    ) throws -> [Int] {
        let statement = try db.cachedStatement(
            sql: "SELECT id FROM run INDEXED BY run_by_revision WHERE revision > ? LIMIT ?")
        let limit = RunSlotsQuery.limit(of: slots) + 1
        return try Int64.fetchAll(statement, arguments: [revision, limit]).compactMap { slots.slot(of: $0) }
    }
}

extension RunValues {
    /// The values with room for all slots, without those of some.
    fileprivate func without(_ changed: [Int], _ slots: RunSlots) -> Self {
        guard !isEmpty else { return self }
        var values = self
        values.grow(to: slots.count)
        for slot in changed { values.clear(slot) }
        return values
    }
}

/// Writes what a statement answers into a column.
private struct RunColumnFilling {
    let source: RunColumnSource
    /// Only runs that changed after it; `nil` is all.
    let revision: Int64?
    let slots: RunSlots
    let db: Database

    func fill(_ column: IntegerColumn) throws -> IntegerColumn {
        var column = column
        try StatementRows.integers(statement(), arguments, columnCount: 2, db) { row in
            guard let slot = slots.slot(of: row[0]) else { return }
            if column.isEmpty { column.grow(to: slots.count) }
            column.set(row[1], at: slot)
        }
        return column
    }

    func fill(_ column: NumberColumn) throws -> NumberColumn {
        var column = column
        try StatementRows.texts(statement(), arguments, db) { run, text in
            guard let slot = slots.slot(of: run), let number = SearchFunctions.number(in: text) else {
                return
            }
            if column.isEmpty { column.grow(to: slots.count) }
            column.set(number, at: slot)
        }
        return column
    }

    func fill(_ column: TextColumn) throws -> TextColumn {
        var column = column
        var code = TextColumn.noCode
        try StatementRows.texts(statement(), arguments, db) { run, text in
            guard let slot = slots.slot(of: run) else { return }
            if column.isEmpty { column.grow(to: slots.count) }
            code = column.code(of: text, before: code)
            column.set(code, at: slot)
        }
        return column
    }

    private func statement() throws -> Statement { try db.cachedStatement(sql: source.sql(since: revision)) }
    private var arguments: StatementArguments { source.arguments(since: revision) }
}

/// The statements that answer for a column: the number of a run, and its value.
private struct RunColumnSource {
    /// Of all runs; the key, where there is one, is bound to it.
    let all: String
    /// Of those that changed after a revision, which is bound behind the key.
    let changed: String
    let key: String?

    private static let changedRuns = "FROM run INDEXED BY run_by_revision"

    init(_ name: RunColumnName) {
        switch name {
        case .metric(let key):
            self.init(
                all: """
                    SELECT series.run, latest.bits FROM series CROSS JOIN latest ON latest.series = series.id
                    WHERE series.key = ?
                    """,
                changed: """
                    SELECT run.id, latest.bits \(Self.changedRuns)
                    CROSS JOIN series ON series.run = run.id AND series.key = ?
                    CROSS JOIN latest ON latest.series = series.id WHERE run.revision > ?
                    """,
                key: key)
        case .tag(TagTable.runName), .tagNumber(TagTable.runName): self.init(.text(.name))
        case .param(let key), .paramNumber(let key): self.init(pairsIn: "param", key)
        case .tag(let key), .tagNumber(let key): self.init(pairsIn: "tag", key)
        case .text(let text): self.init(text)
        case .endTime: self.init(ofRun: "run.end_time", condition: "run.end_time IS NOT NULL")
        }
    }

    private init(all: String, changed: String, key: String?) {
        (self.all, self.changed, self.key) = (all, changed, key)
    }

    private init(pairsIn table: String, _ key: String) {
        self.init(
            all: "SELECT run, value FROM \(table) WHERE key = ?",
            changed: """
                SELECT run.id, value \(Self.changedRuns) CROSS JOIN \(table) ON \(table).run = run.id AND key = ?
                WHERE run.revision > ?
                """,
            key: key)
    }

    private init(_ text: RunText) {
        switch text {
        case .id: self.init(ofRun: "run.uuid")
        case .name: self.init(ofRun: "run.name")
        case .userID: self.init(ofRun: "run.user")
        case .status: self.init(ofRun: "run.status")
        case .artifactURI:
            self.init(
                ofRun: "rtrim(experiment.artifact_location, '/') || '/' || run.uuid || '/artifacts'",
                joined: "CROSS JOIN experiment ON experiment.id = run.experiment")
        }
    }

    private init(ofRun value: String, joined: String = "", condition: String = "1") {
        self.init(
            all: "SELECT run.id, \(value) FROM run \(joined) WHERE \(condition)",
            changed:
                "SELECT run.id, \(value) \(Self.changedRuns) \(joined) WHERE \(condition) AND run.revision > ?",
            key: nil)
    }

    func sql(since revision: Int64?) -> String { revision == nil ? all : changed }

    func arguments(since revision: Int64?) -> StatementArguments {
        StatementArguments([key?.databaseValue, revision?.databaseValue].compactMap { $0 })
    }
}
