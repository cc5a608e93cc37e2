import AviaryTracking
import GRDB

extension RunLinks {
    init(of run: Int64, sharing known: KnownDatasets = KnownDatasets(), _ db: Database) throws {
        datasets = try DatasetTable.inputs(of: run, sharing: known, db)
        modelInputs = try RunModelTable.all(isOutput: false, of: run, db).map(\.model)
        modelOutputs = try RunModelTable.all(isOutput: true, of: run, db)
    }
}

enum DatasetTable {
    /// Notes that a run read a data set; a set that is known and a link that is there stay as they are.
    static func link(_ input: DatasetInput, to run: Int64, in experiment: Int64, _ db: Database) throws {
        let dataset = try find(input.dataset, in: experiment, db) ?? insert(input.dataset, in: experiment, db)
        try db.cachedStatement(
            sql: "INSERT INTO run_dataset (run, dataset) VALUES (?, ?) ON CONFLICT DO NOTHING"
        ).execute(arguments: [run, dataset])
        guard db.changesCount > 0 else { return }
        let tag = try db.cachedStatement(
            sql: "INSERT INTO run_dataset_tag (run, dataset, key, value) VALUES (?, ?, ?, ?)")
        for (key, value) in input.tags { try tag.execute(arguments: [run, dataset, key.text, value]) }
    }

    /// In the order in which they became known.
    static func inputs(
        of run: Int64, sharing known: KnownDatasets, _ db: Database
    ) throws -> [DatasetInput] {
        let numbers = try db.cachedStatement(
            sql: "SELECT dataset FROM run_dataset WHERE run = ? ORDER BY dataset")
        let tags = try db.cachedStatement(
            sql: "SELECT key, value FROM run_dataset_tag WHERE run = ? AND dataset = ?")
        return try Int64.fetchAll(numbers, arguments: [run]).map { number in
            DatasetInput(
                try known.dataset(number, db), tags: try PairTable.dictionary(tags, [run, number]))
        }
    }

    static func dataset(_ number: Int64, _ db: Database) throws -> Dataset {
        let statement = try db.cachedStatement(
            sql: "SELECT name, digest, source_type, source, schema, profile FROM dataset WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [number]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "data set \(number) is missing")
        }
        return Dataset(
            name: row[0], digest: row[1], sourceType: row[2], source: row[3], schema: row[4], profile: row[5])
    }

    private static func find(_ dataset: Dataset, in experiment: Int64, _ db: Database) throws -> Int64? {
        let statement = try db.cachedStatement(
            sql: "SELECT id FROM dataset WHERE experiment = ? AND name = ? AND digest = ?")
        return try Int64.fetchOne(statement, arguments: [experiment, dataset.name, dataset.digest])
    }

    private static func insert(_ new: Dataset, in experiment: Int64, _ db: Database) throws -> Int64 {
        try db.cachedStatement(
            sql: """
                INSERT INTO dataset (experiment, name, digest, source_type, source, schema, profile)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                experiment, new.name, new.digest, new.sourceType, new.source, new.schema, new.profile,
            ])
        return db.lastInsertedRowID
    }
}

enum RunModelTable {
    /// Notes models of a run; one that is noted already must have the same step.
    static func add(_ models: [ModelOutput], isOutput: Bool, to run: Int64, _ db: Database) throws {
        let known = try db.cachedStatement(
            sql: "SELECT step FROM run_model WHERE run = ? AND is_output = ? AND model = ?")
        let new = try db.cachedStatement(
            sql: "INSERT INTO run_model (run, is_output, model, step) VALUES (?, ?, ?, ?)")
        for model in models {
            guard let step = try Int64.fetchOne(known, arguments: [run, isOutput, model.model]) else {
                try new.execute(arguments: [run, isOutput, model.model, model.step])
                continue
            }
            guard step == model.step else {
                throw TrackingError.invalid(
                    field: "models",
                    problem: "'\(model.model)' is noted at step \(step) and cannot move to \(model.step)")
            }
        }
    }

    static func all(isOutput: Bool, of run: Int64, _ db: Database) throws -> [ModelOutput] {
        let statement = try db.cachedStatement(
            sql: "SELECT model, step FROM run_model WHERE run = ? AND is_output = ? ORDER BY step, model")
        return try Row.fetchAll(statement, arguments: [run, isOutput]).map {
            ModelOutput(model: $0[0], step: $0[1])
        }
    }
}
