import AviarySearchGrammar
import GRDB

/// Reads one value of every run, or of those that changed.
enum RunColumnQuery {
    static func column(_ name: RunColumnName, of slots: RunSlots, _ db: Database) throws -> RunColumn {
        switch name {
        case .metric, .endTime:
            var column = IntegerColumn(slotCount: slots.count)
            try fill(&column, name, since: nil, of: slots, db)
            return .integers(column)
        case .paramNumber, .tagNumber:
            var column = NumberColumn(slotCount: slots.count)
            try fill(&column, name, since: nil, of: slots, db)
            return .numbers(column)
        case .param, .tag, .text:
            var column = TextColumn(slotCount: slots.count)
            try fill(&column, name, since: nil, of: slots, db)
            return .texts(column)
        }
    }

    /// The column with the values that runs have now which changed after a revision.
    static func updated(
        _ column: RunColumn, _ name: RunColumnName, since revision: Int64, of slots: RunSlots, _ db: Database
    ) throws -> RunColumn {
        let changed = try changedSlots(since: revision, of: slots, db)
        guard changed.count <= RunSlotsQuery.limit(of: slots) else {
            return try self.column(name, of: slots, db)
        }
        switch column {
        case .integers(var column):
            column.grow(to: slots.count)
            for slot in changed { column.set(nil, at: slot) }
            try fill(&column, name, since: revision, of: slots, db)
            return .integers(column)
        case .numbers(var column):
            column.grow(to: slots.count)
            for slot in changed { column.set(nil, at: slot) }
            try fill(&column, name, since: revision, of: slots, db)
            return .numbers(column)
        case .texts(var column):
            // Every change leaves a text behind: at some point it is better to begin anew.
            guard column.codeCount + changed.count <= 2 * slots.count + 1000 else {
                return try self.column(name, of: slots, db)
            }
            column.grow(to: slots.count)
            for slot in changed { column.set(TextColumn.noCode, at: slot) }
            try fill(&column, name, since: revision, of: slots, db)
            return .texts(column)
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

    // MARK: - Filling

    private static func fill(
        _ column: inout IntegerColumn, _ name: RunColumnName, since revision: Int64?, of slots: RunSlots,
        _ db: Database
    ) throws {
        let source = RunColumnSource(name)
        try StatementRows.integers(
            db.cachedStatement(sql: source.sql(since: revision)), source.arguments(since: revision),
            columnCount: 2, db
        ) { row in
            if let slot = slots.slot(of: row[0]) { column.set(row[1], at: slot) }
        }
    }

    private static func fill(
        _ column: inout TextColumn, _ name: RunColumnName, since revision: Int64?, of slots: RunSlots,
        _ db: Database
    ) throws {
        let source = RunColumnSource(name)
        var code = TextColumn.noCode
        try StatementRows.texts(
            db.cachedStatement(sql: source.sql(since: revision)), source.arguments(since: revision), db
        ) { run, text in
            guard let slot = slots.slot(of: run) else { return }
            code = column.code(of: text, before: code)
            column.set(code, at: slot)
        }
    }

    private static func fill(
        _ column: inout NumberColumn, _ name: RunColumnName, since revision: Int64?, of slots: RunSlots,
        _ db: Database
    ) throws {
        let source = RunColumnSource(name)
        try StatementRows.texts(
            db.cachedStatement(sql: source.sql(since: revision)), source.arguments(since: revision), db
        ) { run, text in
            guard let slot = slots.slot(of: run) else { return }
            column.set(SearchFunctions.number(in: String(decoding: text, as: UTF8.self)), at: slot)
        }
    }
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
            changed: "SELECT run.id, \(value) \(Self.changedRuns) \(joined) WHERE \(condition) AND run.revision > ?",
            key: nil)
    }

    func sql(since revision: Int64?) -> String { revision == nil ? all : changed }

    func arguments(since revision: Int64?) -> StatementArguments {
        StatementArguments([key?.databaseValue, revision?.databaseValue].compactMap { $0 })
    }
}
