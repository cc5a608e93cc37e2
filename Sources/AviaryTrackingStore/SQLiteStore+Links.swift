package import AviaryTracking

extension SQLiteStore {
    /// Notes what a run read; of two that name the same data the first counts.
    package func logInputs(
        _ run: RunID, datasets: [DatasetInput], models: [String]
    ) async throws(TrackingError) {
        try Checks.datasets(datasets)
        try Checks.models(models)
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
        try Checks.models(models.map(\.model))
        try await write(rowCount: models.count) { transaction in
            let (row, _) = try RunTable.touch(run, transaction)
            try RunModelTable.add(models, isOutput: true, to: row, transaction.database)
        }
    }

    /// The data sets of some experiments, each once for every purpose, by experiment, name and digest.
    package func datasets(
        in experiments: [Int64], limit: Int
    ) async throws(TrackingError) -> [DatasetUse] {
        try await readers.read { try DatasetsQuery.all(in: experiments, limit: limit, $0) }
    }

    /// What a run read and made.
    package func links(of run: RunID) async throws(TrackingError) -> RunLinks {
        try await readers.read { try RunLinks(of: RunTable.row(run, $0).id, $0) }
    }
}
