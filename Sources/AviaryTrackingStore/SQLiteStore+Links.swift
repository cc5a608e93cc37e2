package import AviaryTracking

extension SQLiteStore {
    /// Notes what a run read; of two that name the same data the first counts.
    package func logInputs(
        _ run: RunID, datasets: [DatasetInput], models: [String]
    ) async throws(TrackingError) {
        try await write(rowCount: datasets.count + models.count) { transaction in
            let db = transaction.database
            let (row, _) = try RunTable.touch(run, transaction)
            let experiment = try RunTable.row(run, db).experimentID
            for input in datasets { try DatasetTable.link(input, to: row, in: experiment, db) }
            let inputs = models.map { ModelOutput(model: $0, step: 0) }
            try RunModelTable.add(inputs, isOutput: false, to: row, db)
        }
    }

    /// Notes which logged models a run made.
    package func logOutputs(_ run: RunID, _ models: [ModelOutput]) async throws(TrackingError) {
        try await write(rowCount: models.count) { transaction in
            let (row, _) = try RunTable.touch(run, transaction)
            try RunModelTable.add(models, isOutput: true, to: row, transaction.database)
        }
    }

    /// What a run read and made.
    package func links(of run: RunID) async throws(TrackingError) -> RunLinks {
        try await readers.read { db in
            let row = try RunTable.row(run, db).id
            return RunLinks(
                datasets: try DatasetTable.inputs(of: row, db),
                modelInputs: try RunModelTable.all(isOutput: false, of: row, db).map(\.model),
                modelOutputs: try RunModelTable.all(isOutput: true, of: row, db))
        }
    }
}
